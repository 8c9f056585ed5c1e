package dev.errand.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.error.Violation;
import dev.errand.internal.json.Json;
import dev.errand.internal.json.Text;
import dev.errand.spi.PortUnavailableException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The body of an error response (docs/wire/errors.md#c3, #c5). A failure that is not the caller's
 * is reported without details.
 *
 * @param violation the one problem that is reported
 */
public record ErrorBody(Violation violation) {

    private static final String TEMPORARILY_UNAVAILABLE =
            "The storage is temporarily unavailable. Try again later.";
    private static final JsonMapper MAPPER = JsonMapper.builder(Json.FACTORY).build();

    /** Requires that no component is null. */
    public ErrorBody {
        Objects.requireNonNull(violation, "violation");
    }

    /** Returns the body for any exception that an operation threw. */
    public static ErrorBody of(Throwable failure) {
        if (failure instanceof InvalidRequestException invalid) {
            return new ErrorBody(invalid.first());
        }
        if (failure instanceof RequestException denied) {
            return of(denied.code(), Objects.requireNonNull(denied.getMessage()));
        }
        if (failure instanceof PortUnavailableException) {
            return of(ErrorCode.STORAGE_UNAVAILABLE, TEMPORARILY_UNAVAILABLE);
        }
        return of(ErrorCode.ERROR, ErrorCode.ERROR.detail());
    }

    /** Returns the body for a problem of the request as a whole. */
    public static ErrorBody of(ErrorCode code, String detail) {
        return new ErrorBody(Violation.ofRequest(code, detail));
    }

    /** Returns the HTTP status. */
    public int status() {
        return violation.code().status();
    }

    /** Returns the body in UTF-8. */
    public byte[] toJson() {
        ErrorCode code = violation.code();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", code.type().wire());
        body.put("code", code.wire());
        body.put("detail", encodable(violation.detail()));
        body.put("attr", violation.attr().map(ErrorBody::encodable).orElse(null));
        if (repeatsDetail()) {
            body.put("error", encodable(violation.detail()));
        }
        if (!violation.missingArtifactIds().isEmpty()) {
            body.put(
                    "missing_artifact_ids",
                    violation.missingArtifactIds().stream().map(ErrorBody::encodable).toList());
        }
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Of the errors about missing artifacts, only that of a command repeats its text. */
    private boolean repeatsDetail() {
        return violation.code().repeatsDetail()
                || violation.code() == ErrorCode.MISSING_ARTIFACTS
                        && violation.attr().filter("params"::equals).isPresent();
    }

    /** A value from outside may contain an unpaired surrogate, which has no UTF-8 form. */
    private static String encodable(String text) {
        return Text.isWellFormed(text) ? text : Text.withoutLoneSurrogates(text);
    }
}
