package dev.errand.error;

/** The caller is unknown: credentials are missing or invalid. Authenticate and try again. */
public final class AuthenticationException extends RequestException {

    private static final long serialVersionUID = 1L;

    private AuthenticationException(ErrorCode code, String detail) {
        super(code, detail);
    }

    /** Creates the exception for a request without credentials. */
    public static AuthenticationException missingCredentials() {
        return new AuthenticationException(
                ErrorCode.NOT_AUTHENTICATED, ErrorCode.NOT_AUTHENTICATED.detail());
    }

    /** Creates the exception for credentials that are not valid. */
    public static AuthenticationException invalidCredentials() {
        return new AuthenticationException(
                ErrorCode.AUTHENTICATION_FAILED, ErrorCode.AUTHENTICATION_FAILED.detail());
    }
}
