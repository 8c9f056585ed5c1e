package dev.errand.task;

import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.ReportRelationship;
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
import java.util.UUID;

/**
 * A relationship to a signal report requires that report, and a matching origin product, in the
 * same request (docs/wire/tasks.md#e7).
 */
@Documented
@Constraint(
        validatedBy = {
            AllowedReportRelationship.OnCreate.class,
            AllowedReportRelationship.OnUpdate.class
        })
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AllowedReportRelationship {

    /** The error text. */
    String message() default "Requires signal_report when set.";

    /** The validation groups. */
    Class<?>[] groups() default {};

    /** The payload. */
    Class<? extends Payload>[] payload() default {};

    /** Validates {@link AllowedReportRelationship} on {@link CreateTaskRequest}. */
    final class OnCreate
            implements ConstraintValidator<AllowedReportRelationship, CreateTaskRequest> {

        /** Called by the validator. */
        public OnCreate() {}

        @Override
        public boolean isValid(CreateTaskRequest request, ConstraintValidatorContext context) {
            return isAllowed(
                    request.signalReportTaskRelationship(),
                    request.signalReport(),
                    request.originProduct(),
                    context);
        }

        static boolean isAllowed(
                Optional<ReportRelationship> relationship,
                Optional<UUID> report,
                Optional<OriginProduct> origin,
                ConstraintValidatorContext context) {
            if (relationship.isEmpty()) {
                return true;
            }
            if (report.isEmpty()) {
                return reject("Requires signal_report when set.", context);
            }
            if (!origin.equals(Optional.of(OriginProduct.SIGNAL_REPORT))) {
                return reject("Requires origin_product signal_report when set.", context);
            }
            return true;
        }

        private static boolean reject(String detail, ConstraintValidatorContext context) {
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(detail)
                    .addPropertyNode("signalReportTaskRelationship")
                    .addConstraintViolation();
            return false;
        }
    }

    /** Validates {@link AllowedReportRelationship} on {@link UpdateTaskRequest}. */
    final class OnUpdate
            implements ConstraintValidator<AllowedReportRelationship, UpdateTaskRequest> {

        /** Called by the validator. */
        public OnUpdate() {}

        @Override
        public boolean isValid(UpdateTaskRequest request, ConstraintValidatorContext context) {
            return OnCreate.isAllowed(
                    request.signalReportTaskRelationship(),
                    request.signalReport().value(),
                    request.originProduct(),
                    context);
        }
    }
}
