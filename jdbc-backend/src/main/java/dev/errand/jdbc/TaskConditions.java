package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.WireValue;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.RepositoryMatch;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskSearch;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The conditions of a list of tasks (docs/wire/tasks.md#d1), one per line, with their parameters.
 * Tasks have the alias {@code t}, runs the alias {@code s}. The values of "internal" and "archived"
 * are part of the text and not parameters, so that the partial indexes can be used. Not
 * thread-safe.
 */
final class TaskConditions {

    /** Binds the parameters of one condition. */
    private interface Parameters {
        void bind(SqlStatement statement) throws SQLException;
    }

    private final List<String> lines = new ArrayList<>();
    private final List<Parameters> parameters = new ArrayList<>();
    private boolean planDependsOnValues;

    private TaskConditions() {}

    /** Returns the conditions of a filter. */
    static TaskConditions of(ProjectId project, TaskFilter filter) {
        TaskConditions conditions = new TaskConditions();
        conditions.add("t.project_id = ?", statement -> statement.project(project));
        conditions.add("t.deleted_at is null");
        switch (filter.internal()) {
            case EXCLUDE -> conditions.add("not t.internal");
            case ONLY -> conditions.add("t.internal");
            case ALL -> {}
        }
        switch (filter.archived()) {
            case EXCLUDE -> conditions.add("t.archived_at is null");
            case ONLY -> conditions.add("t.archived_at is not null");
            case ALL -> {}
        }
        filter.excludedOrigin()
                .ifPresent(origin -> conditions.addText("t.origin_product <> ?", origin));
        filter.createdBy()
                .map(UserId::value)
                .ifPresent(
                        user ->
                                conditions.add(
                                        "t.created_by = ?", statement -> statement.number(user)));
        filter.organization().ifPresent(conditions::addOrganization);
        filter.originProduct()
                .ifPresent(origin -> conditions.addText("t.origin_product = ?", origin));
        filter.repository().ifPresent(conditions::addRepository);
        filter.search().ifPresent(conditions::addSearch);
        // In both conditions the creation times are always equal; this enables the use of the
        // indexes that are in the order of the list.
        filter.stage()
                .ifPresent(
                        stage ->
                                conditions.addText(
                                        """
                                        exists (select 1 from errand_run s
                                            where s.project_id = t.project_id and s.task_id = t.id
                                            and s.task_created_at = t.created_at and s.stage = ?)""",
                                        stage));
        filter.status()
                .map(WireValue::wire)
                .ifPresent(
                        status ->
                                conditions.addText(
                                        """
                                        exists (select 1 from errand_run s
                                            where s.project_id = t.project_id and s.task_id = t.id
                                            and s.task_created_at = t.created_at
                                            and s.latest and s.status = ?)""",
                                        status));
        conditions.planDependsOnValues =
                filter.search().isPresent()
                        || filter.stage().isPresent()
                        || filter.status().isPresent();
        return conditions;
    }

    /** Returns the condition that a task has one of the given ids. */
    static TaskConditions of(ProjectId project, Collection<TaskId> ids) {
        TaskConditions conditions = new TaskConditions();
        conditions.add("t.project_id = ?", statement -> statement.project(project));
        conditions.add("t.deleted_at is null");
        conditions.add(
                "t.id = any(?)",
                statement -> statement.ids(ids.stream().map(TaskId::value).toList()));
        conditions.planDependsOnValues = true;
        return conditions;
    }

    /**
     * Returns the conditions on the runs of the listed tasks if the filter has no condition other
     * than the stage or the status of a run.
     */
    static Optional<TaskConditions> ofRuns(ProjectId project, TaskFilter filter) {
        TaskConditions conditions = new TaskConditions();
        conditions.add("s.project_id = ?", statement -> statement.project(project));
        if (filter.equals(ofRun(filter.stage(), Optional.empty()))) {
            filter.stage().ifPresent(stage -> conditions.addText("s.stage = ?", stage));
        } else if (filter.equals(ofRun(Optional.empty(), filter.status()))) {
            conditions.add("s.latest");
            filter.status()
                    .map(WireValue::wire)
                    .ifPresent(status -> conditions.addText("s.status = ?", status));
        }
        return conditions.lines.size() == 1 ? Optional.empty() : Optional.of(conditions);
    }

    /** Adds the condition that a task follows a position in the list. */
    TaskConditions after(TaskPosition position) {
        return addAfter("(t.created_at, t.id) < (?, ?)", position);
    }

    /** Adds the condition that the task of a run follows a position in the list. */
    TaskConditions taskAfter(TaskPosition position) {
        return addAfter("(s.task_created_at, s.task_id) < (?, ?)", position);
    }

    private TaskConditions addAfter(String line, TaskPosition position) {
        add(line, statement -> statement.time(position.createdAt()).id(position.id().value()));
        return this;
    }

    /** Returns the conditions, joined by "and". */
    String sql() {
        return String.join("\n    and ", lines);
    }

    /** Returns whether the best plan depends on the parameter values. */
    boolean planDependsOnValues() {
        return planDependsOnValues;
    }

    void bind(SqlStatement statement) throws SQLException {
        for (Parameters each : parameters) {
            each.bind(statement);
        }
    }

    private void addOrganization(String name) {
        // The column ends at the first slash; a name that contains one needs a second condition.
        int slash = name.indexOf('/');
        addText("t.repo_organization = ?", slash < 0 ? name : name.substring(0, slash));
        if (slash >= 0) {
            addText(
                    "t.repo_name like ? escape '\\'",
                    escape(name.substring(slash + 1) + "/") + "%");
        }
    }

    private void addRepository(RepositoryMatch match) {
        if (match instanceof RepositoryMatch.FullName full) {
            String repository = full.repository();
            addText("t.repository = ?", repository);
            // Implied by the equality, but indexed.
            int slash = repository.indexOf('/');
            if (slash >= 0) {
                addText("t.repo_name = ?", repository.substring(slash + 1));
            }
        } else if (match instanceof RepositoryMatch.ShortName shortName) {
            addText("t.repo_name = ?", shortName.name());
        }
    }

    private void addSearch(TaskSearch search) {
        String pattern = "%" + escape(search.text().toLowerCase(Locale.ROOT)) + "%";
        if (search.number().isEmpty()) {
            addText("t.search_text like ? escape '\\'", pattern);
            return;
        }
        add(
                "(t.search_text like ? escape '\\' or t.task_number = ?)",
                statement -> statement.text(pattern).number(search.number().getAsLong()));
    }

    /** Escapes the wildcards of a pattern. */
    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    private void add(String line) {
        lines.add(line);
    }

    private void addText(String line, String value) {
        add(line, statement -> statement.text(value));
    }

    private void add(String line, Parameters values) {
        lines.add(line);
        parameters.add(values);
    }

    private static TaskFilter ofRun(Optional<String> stage, Optional<RunStatus> status) {
        return new TaskFilter(
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                stage,
                status);
    }
}
