package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.store.TaskPosition;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The table expression from which a page of tasks is read (with the alias {@code t}), its order,
 * and its parameters.
 */
final class TaskPageSource {

    /** Binds parameters. */
    private interface Binding {
        void bind(SqlStatement statement) throws SQLException;
    }

    private final String table;
    private final String order;
    private final boolean planDependsOnValues;
    private final Binding binding;

    private TaskPageSource(
            String table, String order, boolean planDependsOnValues, Binding binding) {
        this.table = table;
        this.order = order;
        this.planDependsOnValues = planDependsOnValues;
        this.binding = binding;
    }

    /** Returns the source of a list, or of the part of it after a position. */
    static TaskPageSource of(
            Dialect dialect,
            ProjectId project,
            TaskFilterConditions conditions,
            Optional<TaskPosition> after) {
        Optional<String> stage = conditions.onlyStage();
        // H2 would materialise all rows with the stage first.
        return stage.isPresent() && dialect == Dialect.POSTGRESQL
                ? ofStage(project, stage.get(), after)
                : ofTasks(conditions, after);
    }

    /** Reads the tasks along an index in list order. */
    private static TaskPageSource ofTasks(
            TaskFilterConditions conditions, Optional<TaskPosition> after) {
        return new TaskPageSource(
                "errand_task t where "
                        + conditions.sql()
                        + afterPosition(after, "t.created_at, t.id"),
                "t.created_at desc, t.id desc",
                conditions.planDependsOnValues(),
                statement -> {
                    conditions.bind(statement);
                    bindPosition(statement, after);
                });
    }

    /**
     * Reads the runs with a stage along their index, which is in list order too. The cost does not
     * depend on how frequent the stage is.
     */
    private static TaskPageSource ofStage(
            ProjectId project, String stage, Optional<TaskPosition> after) {
        return new TaskPageSource(
                """
                (select distinct s.task_created_at, s.task_id from errand_run s
                    where s.project_id = ? and s.stage = ?%s
                    order by s.task_created_at desc, s.task_id desc) s
                join errand_task t on t.project_id = ? and t.id = s.task_id
                where t.deleted_at is null and not t.internal"""
                        .formatted(afterPosition(after, "s.task_created_at, s.task_id")),
                "s.task_created_at desc, s.task_id desc",
                false,
                statement -> {
                    bindPosition(statement.project(project).text(stage), after);
                    statement.project(project);
                });
    }

    private static String afterPosition(Optional<TaskPosition> after, String position) {
        return after.isPresent() ? " and (" + position + ") < (?, ?)" : "";
    }

    private static void bindPosition(SqlStatement statement, Optional<TaskPosition> after)
            throws SQLException {
        if (after.isPresent()) {
            statement.time(after.get().createdAt()).id(after.get().id().value());
        }
    }

    /** Returns the table expression with its conditions. */
    String table() {
        return table;
    }

    /** Returns the order of the list. */
    String order() {
        return order;
    }

    /** Returns whether the best plan depends on the parameter values. */
    boolean planDependsOnValues() {
        return planDependsOnValues;
    }

    void bind(SqlStatement statement) throws SQLException {
        binding.bind(statement);
    }
}
