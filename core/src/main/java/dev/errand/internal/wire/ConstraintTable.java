package dev.errand.internal.wire;

import dev.errand.artifact.InlineArtifact.DecodableContent;
import dev.errand.artifact.TypedFile.RequiredMetadata;
import dev.errand.error.ErrorCode;
import dev.errand.error.Violation;
import dev.errand.internal.constraints.JsonObjectValue;
import dev.errand.internal.constraints.JsonRpcId;
import dev.errand.internal.constraints.NotJsonNull;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import dev.errand.internal.rules.UsableSchema;
import dev.errand.run.BranchName;
import dev.errand.run.CompleteRuntimeSelection;
import dev.errand.run.ModelEffort;
import dev.errand.run.SupportedPermissionMode;
import dev.errand.run.ValidCommand;
import dev.errand.spi.WireValue;
import dev.errand.task.AllowedReportRelationship;
import dev.errand.task.ConsistentRepositories;
import dev.errand.task.FirstRunMembers;
import dev.errand.task.RepositoryName;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Null;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * The error of each constraint (docs/wire/errors.md#c3). If a value violates several constraints,
 * the first in this table is reported. The class-level constraints are last: they are reported only
 * if every member is valid.
 */
final class ConstraintTable {

    // spotless:off
    private static final List<Row> ROWS =
            List.of(
                    row          (NotNull.class,                   ConstraintTable::required),
                    row          (NotJsonNull.class,               error(ErrorCode.NULL)),
                    row          (ValidText.class,                 ConstraintTable::text),
                    row          (NotEmpty.class,                  ConstraintTable::empty),
                    row          (NotBlank.class,                  ConstraintTable::empty),
                    row          (Min.class,                       (attr, it) -> Violation.of(ErrorCode.MIN_VALUE, attr, "Ensure this value is greater than or equal to " + parameter(it, "value") + ".")),
                    row          (Max.class,                       (attr, it) -> Violation.of(ErrorCode.MAX_VALUE, attr, "Ensure this value is less than or equal to " + parameter(it, "value") + ".")),
                    row          (Size.class,                      ConstraintTable::size),
                    row          (JsonObjectValue.class,           error(ErrorCode.NOT_A_DICT)),
                    row          (JsonRpcId.class,                 error(ErrorCode.INVALID_INPUT)),
                    row          (RepositoryName.class,            error(ErrorCode.INVALID_INPUT)),
                    row          (BranchName.class,                error(ErrorCode.INVALID_INPUT)),
                    row          (UsableSchema.class,              error(ErrorCode.INVALID_INPUT)),
                    row          (ModelEffort.class,               (attr, it) -> Violation.of(ErrorCode.INVALID_CHOICE, attr, "\"" + ((WireValue) it.getInvalidValue()).wire() + "\" " + it.getMessageTemplate())),
                    row          (Pattern.class,                   error(ErrorCode.INVALID_INPUT)),
                    classLevelRow(RequiredMetadata.class,          error(ErrorCode.INVALID_INPUT)),
                    classLevelRow(SupportedPermissionMode.class,   error(ErrorCode.INVALID_INPUT)),
                    classLevelRow(CompleteRuntimeSelection.class,  error(ErrorCode.INVALID_INPUT)),
                    classLevelRow(ValidCommand.class,              error(ErrorCode.INVALID_INPUT)),
                    classLevelRow(AllowedReportRelationship.class, error(ErrorCode.INVALID_INPUT)),
                    row          (Null.class,                      error(ErrorCode.INVALID_INPUT)),
                    classLevelRow(ConsistentRepositories.class,    error(ErrorCode.INVALID_INPUT)),
                    classLevelRow(FirstRunMembers.class,           error(ErrorCode.INVALID_INPUT)),
                    classLevelRow(DecodableContent.class,          error(ErrorCode.INVALID_INPUT)));
    // spotless:on

    private ConstraintTable() {}

    /** Maps a constraint violation to the error that is sent. */
    @FunctionalInterface
    interface Mapping {
        Violation violation(String attr, ConstraintViolation<?> found);
    }

    /**
     * One row.
     *
     * @param isClassLevel whether the constraint is on a record, not on one of its members
     */
    record Row(Class<? extends Annotation> constraint, boolean isClassLevel, Mapping mapping) {}

    private static Row row(Class<? extends Annotation> constraint, Mapping mapping) {
        return new Row(constraint, false, mapping);
    }

    private static Row classLevelRow(Class<? extends Annotation> constraint, Mapping mapping) {
        return new Row(constraint, true, mapping);
    }

    /**
     * Returns the position of a constraint in the table.
     *
     * @throws IllegalStateException if the table has no such constraint
     */
    static int rank(Class<? extends Annotation> constraint) {
        for (int i = 0; i < ROWS.size(); i++) {
            if (ROWS.get(i).constraint == constraint) {
                return i;
            }
        }
        throw new IllegalStateException("no error for the constraint " + constraint);
    }

    static Row row(int rank) {
        return ROWS.get(rank);
    }

    /** An error with the constraint's own text. The template is not interpolated or translated. */
    private static Mapping error(ErrorCode code) {
        return (attr, it) -> Violation.of(code, attr, it.getMessageTemplate());
    }

    private static Violation required(String attr, ConstraintViolation<?> found) {
        return Violation.of(ErrorCode.REQUIRED, attr);
    }

    private static Violation empty(String attr, ConstraintViolation<?> found) {
        if (found.getInvalidValue() == null) {
            return Violation.of(ErrorCode.REQUIRED, attr);
        }
        String text = found.getMessageTemplate();
        boolean hasOwnText = !text.startsWith("{");
        if (hasOwnText) {
            return Violation.of(ErrorCode.INVALID_INPUT, attr, text);
        }
        boolean isList = found.getInvalidValue() instanceof Collection<?>;
        return Violation.of(isList ? ErrorCode.EMPTY : ErrorCode.BLANK, attr);
    }

    private static Violation text(String attr, ConstraintViolation<?> found) {
        String text = (String) found.getInvalidValue();
        if (!Text.isStorable(text)) {
            return Violation.of(ErrorCode.INVALID_INPUT, attr, found.getMessageTemplate());
        }
        return text.isEmpty()
                ? Violation.of(ErrorCode.BLANK, attr)
                : tooLong(attr, found, "characters");
    }

    /** Only lists have this constraint. */
    private static Violation size(String attr, ConstraintViolation<?> found) {
        return ((Collection<?>) found.getInvalidValue()).isEmpty()
                ? empty(attr, found)
                : tooLong(attr, found, "elements");
    }

    private static Violation tooLong(String attr, ConstraintViolation<?> found, String unit) {
        return Violation.of(
                ErrorCode.MAX_LENGTH,
                attr,
                "Ensure this field has no more than " + parameter(found, "max") + " " + unit + ".");
    }

    private static Object parameter(ConstraintViolation<?> found, String name) {
        return Objects.requireNonNull(found.getConstraintDescriptor().getAttributes().get(name));
    }
}
