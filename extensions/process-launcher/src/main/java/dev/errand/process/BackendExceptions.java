package dev.errand.process;

import dev.errand.spi.BackendException;

/** Creates the exceptions of this launcher. */
final class BackendExceptions {

    private static final String PORT = "SandboxLauncher";

    private BackendExceptions() {}

    static BackendException retryable(String message) {
        return BackendException.retryable(PORT, message);
    }

    static BackendException retryable(String message, Throwable cause) {
        return BackendException.retryable(PORT, message, cause);
    }

    static BackendException permanent(String message) {
        return BackendException.permanent(PORT, message);
    }

    static BackendException permanent(String message, Throwable cause) {
        return BackendException.permanent(PORT, message, cause);
    }
}
