package dev.errand.artifact;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

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
