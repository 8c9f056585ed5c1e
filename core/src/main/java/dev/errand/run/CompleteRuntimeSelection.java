package dev.errand.run;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;

/**
 * A request that selects a runtime names its adapter and its model
 * (docs/wire/runtime-selection.md#e2).
 */
@Documented
@Constraint(validatedBy = CompleteRuntimeSelection.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface CompleteRuntimeSelection {

    /** The error text. */
    String message() default RuntimeSelection.REQUIRED;

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link CompleteRuntimeSelection}. */
    final class Validator implements ConstraintValidator<CompleteRuntimeSelection, RuntimeRequest> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(RuntimeRequest request, ConstraintValidatorContext context) {
            RuntimeSelection selection = request.selection();
            List<RuntimeSelection.Member> missing =
                    !selection.isPresent() && request.agentSettings().requireSelection()
                            ? List.of(RuntimeSelection.Member.values())
                            : selection.missing();
            if (missing.isEmpty()) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            for (RuntimeSelection.Member member : missing) {
                context.buildConstraintViolationWithTemplate(
                                context.getDefaultConstraintMessageTemplate())
                        .addPropertyNode(member.property())
                        .addConstraintViolation();
            }
            return false;
        }
    }
}
