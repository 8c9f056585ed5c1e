package dev.errand.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.error.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * What the wire says of a failure (contract C3, C5). Of a failure that is not the caller's it says
 * no more than that there was one.
 *
 * @param violation the one problem that is reported
 */
public record ErrorBody(Violation violation) {

    /** Refuses null. */
    public ErrorBody {
        Objects.requireNonNull(violation, "violation");
    }

    /** The body of whatever an operation threw. */
    public static ErrorBody of(Throwable failure) {
        if (failure instanceof InvalidRequestException refused) {
            return new ErrorBody(refused.first());
        }
        if (failure instanceof RequestException denied) {
            return of(denied.code(), denied.getMessage());
        }
        return of(ErrorCode.ERROR, ErrorCode.ERROR.detail());
    }

    /** The body of a problem that no single member is to blame for. */
    public static ErrorBody of(ErrorCode code, String detail) {
        return new ErrorBody(Violation.ofRequest(code, detail));
    }

    /** The HTTP status. */
    public int status() {
        return violation.code().status();
    }

    /** The body in UTF-8. */
    public byte[] toJson() {
        ErrorCode code = violation.code();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = Json.FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("type", code.type().wire());
            out.writeStringField("code", code.wire());
            out.writeStringField("detail", shown(violation.detail()));
            if (violation.attr().isPresent()) {
                out.writeStringField("attr", shown(violation.attr().get()));
            } else {
                out.writeNullField("attr");
            }
            if (code.repeatsDetail()) {
                out.writeStringField("error", shown(violation.detail()));
            }
            if (!violation.missingArtifactIds().isEmpty()) {
                out.writeArrayFieldStart("missing_artifact_ids");
                for (String id : violation.missingArtifactIds()) {
                    out.writeString(shown(id));
                }
                out.writeEndArray();
            }
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** A value from outside may be half a surrogate pair, which has no UTF-8 form. */
    private static String shown(String text) {
        return Text.isWellFormed(text) ? text : Text.withoutLoneSurrogates(text);
    }
}
