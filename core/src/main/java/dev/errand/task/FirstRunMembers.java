package dev.errand.task;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The first run of a new task has no staged artifacts (docs/wire/tasks.md#l5). */
@Documented
@Constraint(validatedBy = FirstRunMembers.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface FirstRunMembers {

    /** The error text. */
    String message() default "Not supported when start_run is true.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link FirstRunMembers}. */
    final class Validator implements ConstraintValidator<FirstRunMembers, CreateTaskRequest> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(CreateTaskRequest request, ConstraintValidatorContext context) {
            if (request.firstRun().isEmpty()
                    || request.pendingUserArtifactIds() == null
                    || request.pendingUserArtifactIds().isEmpty()) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(
                            context.getDefaultConstraintMessageTemplate())
                    .addPropertyNode("pendingUserArtifactIds")
                    .addConstraintViolation();
            return false;
        }
    }
}
