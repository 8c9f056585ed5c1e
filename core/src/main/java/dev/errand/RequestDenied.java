package dev.errand;

import dev.errand.spi.ErrandException;
import java.util.Objects;

/**
 * Who asks is unknown, may not, or asks for what is not there: mend who asks or what is asked for,
 * or read again (contract C2, C3). Nothing was changed.
 */
public final class RequestDenied extends ErrandException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    private RequestDenied(ErrorCode code, String detail) {
        super(detail, null);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** Nothing was found, or nothing that the caller may know of. */
    public static RequestDenied notFound() {
        return new RequestDenied(ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND.detail());
    }

    /** The task above a run was not found. */
    public static RequestDenied taskNotFound() {
        return new RequestDenied(ErrorCode.NOT_FOUND, "Task not found");
    }

    /** The caller is no member of the project, or not through this key. */
    public static RequestDenied notAMember() {
        return new RequestDenied(
                ErrorCode.PERMISSION_DENIED, "You don't have access to the project.");
    }

    /** The caller's key lacks a scope. */
    public static RequestDenied missingScope(Scope scope) {
        return new RequestDenied(
                ErrorCode.PERMISSION_DENIED,
                "API key missing required scope '" + scope.wire() + "'");
    }

    /** A run's own token was used for what it is not for. */
    public static RequestDenied beyondGrant() {
        return new RequestDenied(
                ErrorCode.PERMISSION_DENIED, "This token is only valid for its own task run.");
    }

    /** A run's own token belongs to an execution that another has replaced. */
    public static RequestDenied superseded() {
        return new RequestDenied(
                ErrorCode.PERMISSION_DENIED,
                "This token belongs to a superseded attempt of the run.");
    }

    /** Other changes won every time; the caller may try again. */
    public static RequestDenied conflict() {
        return new RequestDenied(ErrorCode.CONFLICT, ErrorCode.CONFLICT.detail());
    }

    /** Any other denial of the request as such, for hosts that serve the wire themselves. */
    public static RequestDenied of(ErrorCode code, String detail) {
        return new RequestDenied(code, detail);
    }

    /** Which error it is. */
    public ErrorCode code() {
        return code;
    }
}
