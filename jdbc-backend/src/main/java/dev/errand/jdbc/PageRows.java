package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.task.TaskPosition;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Where a page's rows come from, with the alias {@code t}: a table of a query, the list's order of
 * it, and the parameters.
 */
final class PageRows {

    /** Binds parameters. */
    private interface Binding {
        void bind(Call call) throws SQLException;
    }

    private final String table;
    private final String order;
    private final boolean planDependsOnValues;
    private final Binding binding;

    private PageRows(String table, String order, boolean planDependsOnValues, Binding binding) {
        this.table = table;
        this.order = order;
        this.planDependsOnValues = planDependsOnValues;
        this.binding = binding;
    }

    /** The rows of a list, or those behind a position in it. */
    static PageRows of(
            Dialect dialect,
            ProjectId project,
            TaskConditions conditions,
            Optional<TaskPosition> after) {
        Optional<String> stage = conditions.stageAlone();
        // H2 would make the whole list of the stage first.
        return stage.isPresent() && dialect == Dialect.POSTGRESQL
                ? ofStage(project, stage.get(), after)
                : ofTasks(conditions, after);
    }

    /** Along an index of the tasks. */
    private static PageRows ofTasks(TaskConditions conditions, Optional<TaskPosition> after) {
        return new PageRows(
                "errand_task t where " + conditions.sql() + behind(after, "t.created_at, t.id"),
                "t.created_at desc, t.id desc",
                conditions.planDependsOnValues(),
                call -> {
                    conditions.bind(call);
                    bindPosition(call, after);
                });
    }

    /**
     * Along the index of the runs with a stage, which is in the list's order too: as good for a
     * rare stage as for a common one.
     */
    private static PageRows ofStage(ProjectId project, String stage, Optional<TaskPosition> after) {
        return new PageRows(
                """
                (select distinct s.task_created_at, s.task_id from errand_run s
                    where s.project_id = ? and s.stage = ?%s
                    order by s.task_created_at desc, s.task_id desc) s
                join errand_task t on t.project_id = ? and t.id = s.task_id
                where t.deleted_at is null and not t.internal"""
                        .formatted(behind(after, "s.task_created_at, s.task_id")),
                "s.task_created_at desc, s.task_id desc",
                false,
                call -> {
                    bindPosition(call.project(project).text(stage), after);
                    call.project(project);
                });
    }

    private static String behind(Optional<TaskPosition> after, String position) {
        return after.isPresent() ? " and (" + position + ") < (?, ?)" : "";
    }

    private static void bindPosition(Call call, Optional<TaskPosition> after) throws SQLException {
        if (after.isPresent()) {
            call.time(after.get().createdAt()).id(after.get().id().value());
        }
    }

    /** The table, with its conditions. */
    String table() {
        return table;
    }

    /** What the list is in the order of. */
    String order() {
        return order;
    }

    /** Whether a plan that is good for one value can be bad for another. */
    boolean planDependsOnValues() {
        return planDependsOnValues;
    }

    void bind(Call call) throws SQLException {
        binding.bind(call);
    }
}
