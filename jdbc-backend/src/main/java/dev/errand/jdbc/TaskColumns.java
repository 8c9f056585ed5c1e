package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Maps tasks to and from the columns of their rows. */
final class TaskColumns {

    /** Separates title and description in the search text. Lower-case text never contains it. */
    private static final char SEARCH_SEPARATOR = 'A';

    /** The columns of a task, in the order of {@link #read}. */
    static final String COLUMNS =
            """
            id, task_number, version, title, title_manually_set, description, origin_product, \
            repository, github_integration, github_user_integration, signal_report, json_schema, \
            internal, ci_prompt, created_by, created_at, updated_at, deleted_at""";

    private TaskColumns() {}

    /** Returns {@link #COLUMNS} with a table alias. */
    static String qualified(String alias) {
        return RunColumns.qualified(alias, COLUMNS);
    }

    /** Returns the task of a row that continues with the columns of its latest run. */
    static TaskWithLatestRun readWithRun(ProjectId project, ResultRow row) throws SQLException {
        return new TaskWithLatestRun(read(project, row), RunColumns.readOptional(project, row));
    }

    /** Returns the task of a row of an outer join, or empty if there is none. */
    static Optional<TaskWithLatestRun> readOptionalWithRun(ProjectId project, ResultRow row)
            throws SQLException {
        Optional<UUID> id = row.optionalId();
        return id.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new TaskWithLatestRun(
                                read(project, TaskId.of(id.get()), row),
                                RunColumns.readOptional(project, row)));
    }

    static Task read(ProjectId project, ResultRow row) throws SQLException {
        return read(project, TaskId.of(row.id()), row);
    }

    private static Task read(ProjectId project, TaskId id, ResultRow row) throws SQLException {
        long number = row.number();
        long version = row.number();
        String title = row.text();
        boolean titleManuallySet = row.flag();
        String description = row.text();
        OriginProduct origin = EnumText.parseWire(row.text(), OriginProduct::fromWire);
        TaskDetails details =
                new TaskDetails(
                        title,
                        titleManuallySet,
                        description,
                        origin,
                        row.optionalText(),
                        row.optionalNumber(),
                        row.optionalId(),
                        row.optionalId(),
                        row.optionalJson(),
                        row.flag(),
                        row.optionalText());
        return new Task(
                project,
                id,
                number,
                version,
                details,
                row.optionalNumber().map(UserId::of),
                row.time(),
                row.time(),
                row.optionalTime());
    }

    /** Binds the mutable columns, in the order of the statements that write them. */
    static <P extends ParameterBinder<P>> P bindDetails(P binder, TaskDetails details)
            throws SQLException {
        return binder.text(details.title())
                .flag(details.titleManuallySet())
                .text(details.description())
                .text(details.originProduct().wire())
                .text(details.repository())
                .number(details.githubIntegration())
                .id(details.githubUserIntegration())
                .id(details.signalReport())
                .json(details.jsonSchema())
                .flag(details.internal())
                .text(details.ciPrompt())
                .text(searchText(details));
    }

    /**
     * Returns the text that the search filter matches. Case is folded here, because the locale of
     * the database may only fold ASCII.
     */
    private static String searchText(TaskDetails details) {
        return details.title().toLowerCase(Locale.ROOT)
                + SEARCH_SEPARATOR
                + details.description().toLowerCase(Locale.ROOT);
    }
}
