package dev.errand.run;

import dev.errand.profile.ApiProfile;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;

/**
 * The initial permission mode is supported by the requested runtime adapter
 * (docs/wire/runtime-selection.md#e1).
 */
@Documented
@Constraint(validatedBy = SupportedPermissionMode.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(SupportedPermissionMode.List.class)
public @interface SupportedPermissionMode {

    /** The profile whose modes are allowed. */
    ApiProfile profile();

    /** The error text. */
    String message() default "Unsupported permission mode.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** The constraint of each profile. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface List {

        /** The constraints. */
        SupportedPermissionMode[] value();
    }

    /** Validates {@link SupportedPermissionMode}. */
    final class Validator implements ConstraintValidator<SupportedPermissionMode, RuntimeRequest> {

        private ApiProfile profile = ApiProfile.V2026_05;

        /** Called by the validator. */
        public Validator() {}

        @Override
        public void initialize(SupportedPermissionMode constraint) {
            profile = constraint.profile();
        }

        @Override
        public boolean isValid(RuntimeRequest request, ConstraintValidatorContext context) {
            Optional<String> problem =
                    request.initialPermissionMode()
                            .flatMap(
                                    mode ->
                                            PermissionModes.problem(
                                                    request.selection().adapter(), mode, profile));
            if (problem.isEmpty()) {
                return true;
            }
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(problem.get())
                    .addPropertyNode("initialPermissionMode")
                    .addConstraintViolation();
            return false;
        }
    }
}
