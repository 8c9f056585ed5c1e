package dev.errand.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.json.Members;
import dev.errand.json.Text;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.artifact.ContentEncoding;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * One file that comes inside of a request (contract I6).
 *
 * @param name the file name; made safe (contract H3)
 * @param type what the file is for
 * @param source a free label, may be empty
 * @param content the content, as {@code contentEncoding} has it. Like every text of the wire it is
 *     trimmed: only {@code base64} keeps white space at either end
 * @param contentEncoding how the content is written
 * @param contentType the media type, may be empty
 */
public record InlineArtifact(
        @NotBlank @Size(max = UploadLimits.MAX_NAME_LENGTH) String name,
        ArtifactType type,
        @JsonProperty(defaultValue = "\"\"") @Size(max = UploadLimits.MAX_SOURCE_LENGTH)
                String source,
        @NotBlank String content,
        @JsonProperty(defaultValue = "utf-8") ContentEncoding contentEncoding,
        Optional<@Size(max = UploadLimits.MAX_CONTENT_TYPE_LENGTH) String> contentType) {

    private static final Members<InlineArtifact> MEMBERS =
            Members.of(InlineArtifact.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws InvalidRequestException if any does not hold, with all that do not
     */
    public InlineArtifact {
        name = Text.trim(name);
        source = Text.trim(source);
        content = Text.trim(content);
        contentType = Text.trim(contentType);
        MEMBERS.check(name, type, source, content, contentEncoding, contentType);
        decoded(content, contentEncoding);
    }

    /** The content as it is stored. */
    public byte[] bytes() {
        return decoded(content, contentEncoding);
    }

    private static byte[] decoded(String content, ContentEncoding encoding) {
        return switch (encoding) {
            case UTF_8 -> content.getBytes(StandardCharsets.UTF_8);
            case BASE64 -> fromBase64(content);
        };
    }

    private static byte[] fromBase64(String content) {
        try {
            return Base64.getDecoder().decode(content);
        } catch (IllegalArgumentException notBase64) {
            throw InvalidRequestException.of(
                    Violation.of(ErrorCode.INVALID_INPUT, "content", "Invalid base64 content"));
        }
    }

    /** Leaves the content out, which may be long. */
    @Override
    public String toString() {
        return "InlineArtifact[name=" + name + ", type=" + type + ", content=hidden]";
    }
}
