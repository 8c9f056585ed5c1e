package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithLatestRun;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** How a task stands in its row. */
final class TaskColumns {

    /** Parts title and description where both are searched; no lower-case text has it. */
    private static final char SEARCH_SEPARATOR = 'A';

    /** What a task is read from, in the order of {@link #read}. */
    static final String COLUMNS =
            """
            id, task_number, version, title, title_manually_set, description, origin_product, \
            repository, github_integration, github_user_integration, signal_report, json_schema, \
            internal, ci_prompt, created_by, created_at, updated_at, deleted_at""";

    private TaskColumns() {}

    /** {@link #COLUMNS} of a table with this alias. */
    static String qualified(String alias) {
        return RunColumns.qualified(alias, COLUMNS);
    }

    /** The task of a row that goes on with the columns of its latest run. */
    static TaskWithLatestRun readWithRun(ProjectId project, ResultRow row) throws SQLException {
        return new TaskWithLatestRun(read(project, row), RunColumns.readOptional(project, row));
    }

    /** The same for a row of an outer join, which may have neither. */
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

    /** The members of a task that can change, in the order of the statements that write them. */
    static <P extends ParameterBinder<P>> P bindDetails(P call, TaskDetails details)
            throws SQLException {
        return call.text(details.title())
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
     * What a search looks through. The case is folded here and not by the database, because its
     * locale may know no case but ASCII's.
     */
    private static String searchText(TaskDetails details) {
        return details.title().toLowerCase(Locale.ROOT)
                + SEARCH_SEPARATOR
                + details.description().toLowerCase(Locale.ROOT);
    }
}
