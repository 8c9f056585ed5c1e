package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.WireValue;
import dev.errand.spi.store.RepositoryMatch;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskSearch;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The SQL conditions of a task filter (docs/wire/tasks.md#d1). The value of "internal" is part of
 * the text and not a parameter, so that the partial indexes can be used.
 */
final class TaskFilterConditions {

    /** Binds one parameter. */
    private interface Parameter {
        void bind(SqlStatement statement) throws SQLException;
    }

    private final StringBuilder sql =
            new StringBuilder("t.project_id = ? and t.deleted_at is null");
    private final List<Parameter> parameters = new ArrayList<>();
    private final boolean planDependsOnValues;
    private final Optional<String> onlyStage;

    TaskFilterConditions(ProjectId project, TaskFilter filter) {
        planDependsOnValues = filter.search().isPresent() || filter.stage().isPresent();
        onlyStage = filter.equals(ofStage(filter.stage())) ? filter.stage() : Optional.empty();
        parameters.add(statement -> statement.project(project));
        sql.append(filter.internal() ? " and t.internal" : " and not t.internal");
        filter.createdBy().map(UserId::value).ifPresent(user -> number("t.created_by = ?", user));
        filter.organization().ifPresent(this::organization);
        filter.originProduct().ifPresent(origin -> text("t.origin_product = ?", origin));
        filter.repository().ifPresent(this::repository);
        filter.search().ifPresent(this::search);
        filter.stage()
                .ifPresent(
                        stage ->
                                // The creation times are always equal; the condition enables the
                                // use of the index.
                                text(
                                        """
                                        exists (select 1 from errand_run s
                                            where s.project_id = t.project_id
                                            and s.task_id = t.id and s.stage = ?
                                            and s.task_created_at = t.created_at)""",
                                        stage));
        filter.status()
                .map(WireValue::wire)
                .ifPresent(status -> text("t.latest_run_status = ?", status));
    }

    private static TaskFilter ofStage(Optional<String> stage) {
        return new TaskFilter(
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                stage,
                Optional.empty());
    }

    /** Returns the stage if it is the only condition. */
    Optional<String> onlyStage() {
        return onlyStage;
    }

    /** Returns the conditions for the table alias {@code t}. */
    String sql() {
        return sql.toString();
    }

    /** Returns whether the best plan depends on the parameter values. */
    boolean planDependsOnValues() {
        return planDependsOnValues;
    }

    void bind(SqlStatement statement) throws SQLException {
        for (Parameter parameter : parameters) {
            parameter.bind(statement);
        }
    }

    private void organization(String name) {
        // The column ends at the first slash; a name that contains one needs a second condition.
        int slash = name.indexOf('/');
        text("t.repo_organization = ?", slash < 0 ? name : name.substring(0, slash));
        if (slash >= 0) {
            text("t.repo_name like ? escape '\\'", literal(name.substring(slash + 1) + "/") + "%");
        }
    }

    private void repository(RepositoryMatch match) {
        if (match instanceof RepositoryMatch.FullName full) {
            String repository = full.repository();
            text("t.repository = ?", repository);
            // Implied by the equality, but indexed.
            int slash = repository.indexOf('/');
            if (slash >= 0) {
                text("t.repo_name = ?", repository.substring(slash + 1));
            }
        } else if (match instanceof RepositoryMatch.ShortName shortName) {
            text("t.repo_name = ?", shortName.name());
        }
    }

    private void search(TaskSearch search) {
        String pattern = "%" + literal(search.text().toLowerCase(Locale.ROOT)) + "%";
        Optional<Long> number =
                search.number().isPresent()
                        ? Optional.of(search.number().getAsLong())
                        : Optional.empty();
        if (number.isEmpty()) {
            text("t.search_text like ? escape '\\'", pattern);
            return;
        }
        text("(t.search_text like ? escape '\\' or t.task_number = ?)", pattern);
        parameters.add(statement -> statement.number(number.get()));
    }

    /** Escapes the wildcards of a pattern. */
    private static String literal(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    private void text(String condition, String value) {
        sql.append(" and ").append(condition);
        parameters.add(statement -> statement.text(value));
    }

    private void number(String condition, long value) {
        sql.append(" and ").append(condition);
        parameters.add(statement -> statement.number(value));
    }
}
