package dev.errand.process;

import dev.errand.spi.PortException;

/** Creates the exceptions of this launcher. */
final class PortExceptions {

    private static final String PORT = "SandboxLauncher";

    private PortExceptions() {}

    static PortException retryable(String message) {
        return PortException.retryable(PORT, message);
    }

    static PortException retryable(String message, Throwable cause) {
        return PortException.retryable(PORT, message, cause);
    }

    static PortException permanent(String message) {
        return PortException.permanent(PORT, message);
    }

    static PortException permanent(String message, Throwable cause) {
        return PortException.permanent(PORT, message, cause);
    }
}
