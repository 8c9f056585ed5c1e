package dev.errand.error;

/**
 * The caller is known, but its credentials do not allow the request
 * (docs/wire/authentication.md#c2).
 */
public final class AccessDeniedException extends RequestException {

    private static final long serialVersionUID = 1L;

    private AccessDeniedException(String detail) {
        super(ErrorCode.PERMISSION_DENIED, detail);
    }

    /** Creates the exception for a caller whose credentials do not cover the project. */
    public static AccessDeniedException projectNotAccessible() {
        return new AccessDeniedException("You don't have access to the project.");
    }

    /**
     * Creates the exception for credentials without a required scope.
     *
     * @param scope the scope as it is written on the wire, such as {@code task:write}
     */
    public static AccessDeniedException missingScope(String scope) {
        return new AccessDeniedException("API key missing required scope '" + scope + "'");
    }

    /** Creates the exception for a sandbox token that is used outside of its own run. */
    public static AccessDeniedException outsideGrant() {
        return new AccessDeniedException("This token is only valid for its own task run.");
    }

    /** Creates the exception for a sandbox token whose attempt was replaced by a later one. */
    public static AccessDeniedException supersededAttempt() {
        return new AccessDeniedException("This token belongs to a superseded attempt of the run.");
    }

    /** Creates the exception for a sandbox token that is used for more than a late report. */
    public static AccessDeniedException runEnded() {
        return new AccessDeniedException(
                "The task run has ended; this token is only valid for late reports.");
    }

    /**
     * Creates the exception for a token in {@code X-Task-Run-Token} that is missing, or was not
     * issued for the run and the named sandbox (docs/wire/conversations.md#l4.2).
     */
    public static AccessDeniedException invalidRunToken() {
        return new AccessDeniedException("The task run token is invalid");
    }

    /**
     * Creates the exception for a signed link or form that was altered or has expired.
     *
     * @param what what was signed, such as {@code "upload form"}
     */
    public static AccessDeniedException invalidSignature(String what) {
        return new AccessDeniedException("The " + what + " is not valid, or its time is over.");
    }
}
