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
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The repositories of a request are unique, and the first one equals {@code repository}
 * (docs/wire/tasks.md#l7).
 */
@Documented
@Constraint(validatedBy = ConsistentRepositories.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ConsistentRepositories {

    /** The error text. */
    String message() default "Repositories must be unique";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** A request that this constraint validates. */
    sealed interface Request permits CreateTaskRequest, UpdateTaskRequest {

        /** The first repository, if the request sets it. */
        Optional<String> firstRepository();

        /** All repositories, if the request sets them. */
        Optional<List<String>> repositories();
    }

    /** Validates {@link ConsistentRepositories}. */
    final class Validator implements ConstraintValidator<ConsistentRepositories, Request> {

        /** Called by the validator. */
        public Validator() {}

        @Override
        public boolean isValid(Request request, ConstraintValidatorContext context) {
            List<String> names =
                    request.repositories().orElse(List.of()).stream()
                            .filter(Objects::nonNull) // Reported when the request was bound.
                            .map(Repositories::normalise)
                            .toList();
            if (new HashSet<>(names).size() < names.size()) {
                return reject(context.getDefaultConstraintMessageTemplate(), context);
            }
            boolean conflicts =
                    request.repositories().isPresent()
                            && request.firstRepository().isPresent()
                            && !names.stream()
                                    .findFirst()
                                    .equals(request.firstRepository().map(Repositories::normalise));
            return !conflicts || reject("Conflicts with repository", context);
        }

        private static boolean reject(String detail, ConstraintValidatorContext context) {
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(detail)
                    .addPropertyNode("repositories")
                    .addConstraintViolation();
            return false;
        }
    }
}
