package dev.errand.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.artifact.ContentEncoding;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A file whose content is part of the request (docs/wire/artifacts.md#i6).
 *
 * @param name the file name; made safe (docs/wire/artifacts.md#h3)
 * @param type what the file is for
 * @param source a free label, may be empty
 * @param content the content, encoded as {@code contentEncoding} says. Unlike every other text it
 *     is not trimmed: a file keeps its last newline, and may consist of white space
 * @param contentEncoding the encoding of the content
 * @param contentType the media type, may be empty
 * @param metadata required for a bundle of skills (docs/wire/artifacts.md#metadata)
 */
@TypedFile.RequiredMetadata
@InlineArtifact.DecodableContent
public record InlineArtifact(
        @ValidText(max = UploadItem.MAX_NAME_LENGTH) @NotBlank String name,
        @NotNull ArtifactType type,
        @JsonProperty(defaultValue = "\"\"") @NotNull @ValidText(max = UploadItem.MAX_SOURCE_LENGTH)
                String source,
        @NotNull @ValidText(mayBeEmpty = false) String content,
        @JsonProperty(defaultValue = "\"utf-8\"") @NotNull ContentEncoding contentEncoding,
        Optional<@ValidText(max = UploadItem.MAX_CONTENT_TYPE_LENGTH) String> contentType,
        @AddedIn(ApiProfile.V2026_09) Optional<@Valid ArtifactMetadata> metadata)
        implements TypedFile {

    /** Trims all texts but the content. */
    public InlineArtifact {
        name = Text.trimNullable(name);
        source = Text.trimNullable(source);
        contentType = Text.trim(contentType);
    }

    /**
     * Returns the decoded content.
     *
     * @throws IllegalArgumentException if the content is not valid in its encoding
     */
    public byte[] bytes() {
        return switch (contentEncoding) {
            case UTF_8 -> content.getBytes(StandardCharsets.UTF_8);
            // White space around the encoded text is not a part of the content.
            case BASE64 -> Base64.getDecoder().decode(Text.trim(content));
        };
    }

    /** Leaves the content out, which may be long. */
    @Override
    public String toString() {
        return "InlineArtifact[name=" + name + ", type=" + type + ", content=hidden]";
    }

    /** The content of an artifact is valid in its encoding (docs/wire/artifacts.md#i6). */
    @Documented
    @Constraint(validatedBy = DecodableContent.Validator.class)
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    public @interface DecodableContent {

        /** The error text. */
        String message() default "Invalid base64 content";

        /** The validation groups. */
        Class<?>[] groups() default {};

        /** The payload. */
        Class<? extends Payload>[] payload() default {};

        /** Validates {@link DecodableContent}. */
        final class Validator implements ConstraintValidator<DecodableContent, InlineArtifact> {

            /** Called by the validator. */
            public Validator() {}

            @Override
            public boolean isValid(InlineArtifact artifact, ConstraintValidatorContext context) {
                if (artifact.content() == null || artifact.contentEncoding() == null) {
                    return true; // Reported by their own constraints.
                }
                try {
                    artifact.bytes();
                    return true;
                } catch (IllegalArgumentException notDecodable) {
                    context.disableDefaultConstraintViolation();
                    context.buildConstraintViolationWithTemplate(
                                    context.getDefaultConstraintMessageTemplate())
                            .addPropertyNode("content")
                            .addConstraintViolation();
                    return false;
                }
            }
        }
    }
}
