package dev.errand.artifact;

import dev.errand.spi.artifact.ArtifactType;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;

/** A file of a request: the members that {@link RequiredMetadata} reads. */
public sealed interface TypedFile permits UploadItem, FinalizeItem, InlineArtifact {

    /** What the file is for. */
    ArtifactType type();

    /** What the client says about the file. */
    Optional<ArtifactMetadata> metadata();

    /** A bundle of skills has metadata (docs/wire/artifacts.md#metadata). */
    @Documented
    @Constraint(validatedBy = RequiredMetadata.Validator.class)
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface RequiredMetadata {

        /** The error text. */
        String message() default "Skill bundle artifacts require metadata";

        /** The validation groups. */
        Class<?>[] groups() default {};

        /** The payload. */
        Class<? extends Payload>[] payload() default {};

        /** Validates {@link RequiredMetadata}. */
        final class Validator implements ConstraintValidator<RequiredMetadata, TypedFile> {

            /** Called by the validator. */
            public Validator() {}

            @Override
            public boolean isValid(TypedFile file, ConstraintValidatorContext context) {
                if (file.type() != ArtifactType.SKILL_BUNDLE || file.metadata().isPresent()) {
                    return true;
                }
                context.disableDefaultConstraintViolation();
                context.buildConstraintViolationWithTemplate(
                                context.getDefaultConstraintMessageTemplate())
                        .addPropertyNode("metadata")
                        .addConstraintViolation();
                return false;
            }
        }
    }
}
