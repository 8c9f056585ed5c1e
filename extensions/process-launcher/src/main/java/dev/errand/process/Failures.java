package dev.errand.process;

import dev.errand.spi.BackendException;

/** The failures of this launcher, under its port's name. */
final class Failures {

    private static final String PORT = "SandboxLauncher";

    private Failures() {}

    static BackendException retryable(String message, Throwable cause) {
        return BackendException.retryable(PORT, message, cause);
    }

    static BackendException permanent(String message, Throwable cause) {
        return BackendException.permanent(PORT, message, cause);
    }
}
