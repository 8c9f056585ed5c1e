package dev.errand.json;

import dev.errand.error.ErrorCode;
import dev.errand.error.Violation;
import dev.errand.spi.JsonText;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.validation.metadata.ConstraintDescriptor;
import java.lang.annotation.Annotation;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One declared constraint, as the wire tells a violation of it (contract C3): code and text.
 *
 * <p>The declaration on the request's record is the rule; this is its execution. Bean Validation
 * reads the declarations once, and a property test holds its verdicts against these.
 */
@FunctionalInterface
interface Check {

    /** Of every text: what has no place in a database or no UTF-8 form is refused (contract 0). */
    Check CHARACTERS =
            (value, attr) -> {
                String text = (String) value;
                if (text.indexOf('\0') >= 0) {
                    return Optional.of(
                            Violation.of(
                                    ErrorCode.INVALID_INPUT,
                                    attr,
                                    "Null characters are not allowed."));
                }
                return Text.isWellFormed(text)
                        ? Optional.empty()
                        : Optional.of(
                                Violation.of(ErrorCode.INVALID_INPUT, attr, "Not a valid string."));
            };

    /** Of opaque JSON: null is no value. */
    Check NOT_NULL =
            (value, attr) ->
                    value.equals(JsonText.NULL)
                            ? Optional.of(Violation.of(ErrorCode.NULL, attr))
                            : Optional.empty();

    /** Of opaque JSON that is marked so: it is an object. */
    Check AN_OBJECT =
            (value, attr) ->
                    ((JsonText) value).isObject()
                            ? Optional.empty()
                            : Optional.of(notAnObject(attr, Tokens.typeName((JsonText) value)));

    /** What is wrong with a present value; empty if nothing is. */
    Optional<Violation> violation(Object value, String attr);

    /** A value of another type stands where an object must. */
    static Violation notAnObject(String attr, String type) {
        return Violation.of(
                ErrorCode.NOT_A_DICT,
                attr,
                "Expected a dictionary of items but got type \"" + type + "\".");
    }

    /** Adds what the first failing check finds: one problem a value, as the wire reports. */
    static void all(List<Check> checks, Object value, String attr, Problems problems) {
        for (Check check : checks) {
            Optional<Violation> violation = check.violation(value, attr);
            if (violation.isPresent()) {
                problems.add(violation.get());
                return;
            }
        }
    }

    /**
     * The check of a declared constraint.
     *
     * @throws IllegalStateException if the contract has no words for the constraint
     */
    static Optional<Check> of(ConstraintDescriptor<?> constraint) {
        Annotation declared = constraint.getAnnotation();
        if (declared instanceof NotNull) {
            return Optional.empty(); // The record's own constructor and the reader see to it.
        }
        if (declared instanceof NotBlank) {
            return Optional.of(
                    (value, attr) ->
                            ((CharSequence) value).isEmpty()
                                    ? Optional.of(Violation.of(ErrorCode.BLANK, attr))
                                    : Optional.empty());
        }
        if (declared instanceof Size size) {
            if (size.min() > 1) {
                throw new IllegalStateException("the contract has no words for " + size);
            }
            // A member that may be left out declares so that it is not blank: Bean Validation would
            // call an empty Optional blank.
            return Optional.of(
                    (value, attr) ->
                            size.min() == 1 && isEmpty(value)
                                    ? Optional.of(empty(value, attr))
                                    : tooLong(size.max(), value, attr));
        }
        if (declared instanceof NotEmpty notEmpty) {
            boolean ownText = !notEmpty.message().startsWith("{");
            Violation empty =
                    ownText
                            ? Violation.of(ErrorCode.INVALID_INPUT, "", notEmpty.message())
                            : Violation.of(ErrorCode.EMPTY, "");
            return Optional.of(
                    (value, attr) ->
                            ((Collection<?>) value).isEmpty()
                                    ? Optional.of(Violation.of(empty.code(), attr, empty.detail()))
                                    : Optional.empty());
        }
        if (declared instanceof Min min) {
            String detail = "Ensure this value is greater than or equal to " + min.value() + ".";
            return Optional.of(
                    (value, attr) ->
                            ((Number) value).longValue() < min.value()
                                    ? Optional.of(Violation.of(ErrorCode.MIN_VALUE, attr, detail))
                                    : Optional.empty());
        }
        if (declared instanceof Max max) {
            String detail = "Ensure this value is less than or equal to " + max.value() + ".";
            return Optional.of(
                    (value, attr) ->
                            ((Number) value).longValue() > max.value()
                                    ? Optional.of(Violation.of(ErrorCode.MAX_VALUE, attr, detail))
                                    : Optional.empty());
        }
        return Optional.of(own(constraint));
    }

    /** A constraint of the domain: its validator decides, its message is the wire's text. */
    private static Check own(ConstraintDescriptor<?> constraint) {
        if (constraint.getConstraintValidatorClasses().size() != 1) {
            throw new IllegalStateException(
                    "the contract has no words for @"
                            + constraint.getAnnotation().annotationType());
        }
        try {
            @SuppressWarnings(
                    "unchecked") // The declaration sits on a value of the validator's type.
            ConstraintValidator<Annotation, Object> validator =
                    (ConstraintValidator<Annotation, Object>)
                            constraint
                                    .getConstraintValidatorClasses()
                                    .get(0)
                                    .getDeclaredConstructor()
                                    .newInstance();
            validator.initialize(constraint.getAnnotation());
            String detail = constraint.getMessageTemplate();
            return (value, attr) ->
                    validator.isValid(value, null)
                            ? Optional.empty()
                            : Optional.of(Violation.of(ErrorCode.INVALID_INPUT, attr, detail));
        } catch (ReflectiveOperationException noValidator) {
            throw new IllegalStateException(
                    "cannot make the validator of " + constraint.getAnnotation(), noValidator);
        }
    }

    private static boolean isEmpty(Object value) {
        return value instanceof Collection<?> list
                ? list.isEmpty()
                : ((CharSequence) value).isEmpty();
    }

    private static Violation empty(Object value, String attr) {
        return Violation.of(
                value instanceof Collection<?> ? ErrorCode.EMPTY : ErrorCode.BLANK, attr);
    }

    private static Optional<Violation> tooLong(int max, Object value, String attr) {
        if (value instanceof Collection<?> list) {
            return list.size() <= max
                    ? Optional.empty()
                    : Optional.of(
                            Violation.of(
                                    ErrorCode.MAX_LENGTH,
                                    attr,
                                    "Ensure this field has no more than " + max + " elements."));
        }
        String text = (String) value;
        // Clients count characters, not UTF-16 units; the cheap count settles nearly every text.
        boolean fits = text.length() <= max || text.codePointCount(0, text.length()) <= max;
        return fits
                ? Optional.empty()
                : Optional.of(
                        Violation.of(
                                ErrorCode.MAX_LENGTH,
                                attr,
                                "Ensure this field has no more than " + max + " characters."));
    }
}
