package dev.errand.spi.workspace;

import dev.errand.spi.ErrandException;
import dev.errand.spi.PortException;
import java.util.Objects;

/** A workspace could not be prepared, collected or discarded. */
public final class WorkspaceException extends ErrandException {

    private static final long serialVersionUID = 1L;

    /** Why it failed. */
    public enum Reason {
        /** No repository of this name is configured, or the remote host has none. */
        REPOSITORY_UNKNOWN(false),
        /** The repository has no branch of this name. */
        BRANCH_UNKNOWN(false),
        /** The remote host refused the credential, or requires one. */
        AUTHENTICATION_FAILED(false),
        /** The remote host could not be reached, or did not answer in time. */
        UNREACHABLE(true),
        /** The repository, or a file in it, exceeds a limit. */
        TOO_LARGE(false),
        /** The repository contains something that could be dangerous to check out. */
        UNSAFE_CONTENT(false),
        /** Something else failed on this machine, such as its disk. */
        FAILED(true);

        private final boolean retryable;

        Reason(boolean retryable) {
            this.retryable = retryable;
        }

        /** Whether the same call can succeed later without intervention. */
        public boolean isRetryable() {
            return retryable;
        }
    }

    private final Reason reason;

    /** Creates a failure. */
    public WorkspaceException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Creates a failure with its cause. */
    public WorkspaceException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Returns why it failed. */
    public Reason reason() {
        return reason;
    }

    /**
     * Returns the exception with which {@link dev.errand.spi.sandbox.SandboxLauncher#launch} fails,
     * so that the dispatcher repeats the launch exactly if that can help.
     */
    public PortException toLaunchFailure() {
        String port = WorkspaceProvider.class.getSimpleName();
        String message = String.valueOf(getMessage());
        return reason.isRetryable()
                ? PortException.retryable(port, message, this)
                : PortException.permanent(port, message, this);
    }
}
