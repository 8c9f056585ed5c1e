package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.WireValue;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.NewTaskWithFirstRun;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Inserts many tasks and their first runs in one statement, on PostgreSQL only. */
final class TaskBatchInserter {

    private static final String TASK =
            """
            project_id, id, task_number, version, title, title_manually_set, description,
            origin_product, repository, github_integration, github_user_integration,
            signal_report, json_schema, internal, ci_prompt, search_text, created_by,
            created_at, updated_at, report_relationship,
            latest_run_id, latest_run_status, latest_run_created_at""";

    private static final String RUN =
            """
            project_id, id, task_id, task_created_at, created_at, version, status, environment, stage, branch,
            error_message, output, state, artifacts, phase, attempt, failures, queued_at,
            due_at, handle, last_failure, stop_cause, priority, queued_limit, launch_limit,
            inactivity_limit, total_limit, end_reason, updated_at, completed_at""";

    private static final RowBatch.Columns TASKS =
            RowBatch.Columns.of(
                    """
                    project_id bigint, id uuid, task_number bigint, version bigint,
                    title text, title_manually_set boolean, description text,
                    origin_product text, repository text, github_integration bigint,
                    github_user_integration uuid, signal_report uuid, json_schema text,
                    internal boolean, ci_prompt text, search_text text, created_by bigint,
                    created_at timestamptz, updated_at timestamptz, report_relationship text,
                    latest_run_id uuid, latest_run_status text,
                    latest_run_created_at timestamptz""");

    private static final RowBatch.Columns RUNS =
            RowBatch.Columns.of(
                    """
                    project_id bigint, id uuid, task_id uuid, task_created_at timestamptz,
                    created_at timestamptz,
                    version bigint, status text, environment text, stage text, branch text,
                    error_message text, output text, state text, artifacts bytea, phase text,
                    attempt integer, failures integer, queued_at timestamptz,
                    due_at timestamptz, handle text, last_failure text, stop_cause text,
                    priority smallint, queued_limit bigint, launch_limit bigint,
                    inactivity_limit bigint, total_limit bigint,
                    end_reason text, updated_at timestamptz, completed_at timestamptz""");

    private static final String INSERT =
            """
            with inserted as (
                insert into errand_task (%1$s)
                select %1$s from %2$s)
            insert into errand_run (%3$s)
            select %3$s from %4$s""";

    private static final String INSERT_WITH_NEW_NUMBERS =
            TaskNumbers.ALLOCATE_AHEAD
                    + """
                    with taken as materialized (%6$s),
                    inserted as (
                        insert into errand_task (%1$s)
                        select %5$s from %2$s cross join taken),
                    started as (
                        insert into errand_run (%3$s)
                        select %3$s from %4$s cross join taken)
                    select first_number from taken""";

    private static final String NUMBERED_TASK =
            TASK.replace("task_number", "first_number + task_number");

    /** A statement for one task with a run, which needs no arrays, and one for any number. */
    private record Statements(String single, String multiple) {

        static Statements of(Database database, String statement) {
            return new Statements(
                    database.sql(
                            statement.formatted(
                                    TASK,
                                    TASKS.singleRowTable("task"),
                                    RUN,
                                    RUNS.singleRowTable("run"),
                                    NUMBERED_TASK,
                                    TaskNumbers.ALLOCATED)),
                    database.sql(
                            statement.formatted(
                                    TASK,
                                    TASKS.table("task"),
                                    RUN,
                                    RUNS.table("run"),
                                    NUMBERED_TASK,
                                    TaskNumbers.ALLOCATED)));
        }
    }

    private final Statements insert;
    private final Statements insertWithNewNumbers;

    TaskBatchInserter(Database database) {
        insert = Statements.of(database, INSERT);
        insertWithNewNumbers = Statements.of(database, INSERT_WITH_NEW_NUMBERS);
    }

    /**
     * Inserts the tasks with the next numbers of their project, which are allocated in a preceding
     * transaction of their own ({@link TaskNumbers}).
     *
     * @return the tasks, or empty if the project has no counter yet
     */
    Optional<List<TaskWithLatestRun>> insertWithNewNumbers(
            SqlSession session, ProjectId project, List<NewTaskWithFirstRun> work)
            throws SQLException {
        Values values = new Values(work, numbered(project, work, 0));
        try {
            SqlStatement statement = session.statement(values.choose(insertWithNewNumbers));
            String ofThis = work.get(0).task().id().toString();
            statement.number(work.size()).project(project).number(work.size());
            statement.text(ofThis).text(ofThis);
            return values.bind(statement)
                    .findOneAfter(TaskNumbers.ALLOCATION_STATEMENTS, ResultRow::number)
                    .map(firstNumber -> numbered(project, work, firstNumber));
        } catch (SQLException e) {
            // The last statement of the text commits by itself.
            throw UnknownOutcomeException.ofCommit(duplicateId(e));
        }
    }

    /** Inserts the tasks with consecutive numbers. */
    List<TaskWithLatestRun> insert(
            SqlSession session, ProjectId project, List<NewTaskWithFirstRun> work, long firstNumber)
            throws SQLException {
        List<TaskWithLatestRun> inserted = numbered(project, work, firstNumber);
        Values values = new Values(work, inserted);
        try {
            values.bind(session.statement(values.choose(insert))).update();
        } catch (SQLException e) {
            throw duplicateId(e);
        }
        return inserted;
    }

    private static List<TaskWithLatestRun> numbered(
            ProjectId project, List<NewTaskWithFirstRun> work, long firstNumber) {
        List<TaskWithLatestRun> numbered = new ArrayList<>(work.size());
        for (NewTaskWithFirstRun each : work) {
            Task task = each.task().numbered(project, firstNumber + numbered.size());
            numbered.add(new TaskWithLatestRun(task, each.run()));
        }
        return List.copyOf(numbered);
    }

    /**
     * Throws an {@link IllegalArgumentException} if an id is already used; returns other failures.
     */
    private static SQLException duplicateId(SQLException failure) {
        if (SqlExceptionTranslator.isUniqueViolation(failure)) {
            throw new IllegalArgumentException(
                    "the ids of tasks and runs must be new, but one is already used", failure);
        }
        return failure;
    }

    /** The rows of the tasks and of their runs. */
    private static final class Values {
        private final RowBatch tasks = new RowBatch(TASKS);
        private final RowBatch runs = new RowBatch(RUNS);

        Values(List<NewTaskWithFirstRun> work, List<TaskWithLatestRun> numbered)
                throws SQLException {
            for (int i = 0; i < work.size(); i++) {
                add(tasks, numbered.get(i).task(), work.get(i));
                if (work.get(i).run().isPresent()) {
                    add(runs, work.get(i).run().get(), work.get(i).task());
                }
            }
        }

        private boolean isSingleRow() {
            return tasks.size() == 1 && runs.size() == 1;
        }

        String choose(Statements statements) {
            return isSingleRow() ? statements.single() : statements.multiple();
        }

        SqlStatement bind(SqlStatement statement) throws SQLException {
            return isSingleRow()
                    ? runs.bindSingleRow(tasks.bindSingleRow(statement))
                    : runs.bind(tasks.bind(statement));
        }
    }

    private static void add(RowBatch rows, Task task, NewTaskWithFirstRun work)
            throws SQLException {
        rows.project(task.project())
                .id(task.id().value())
                .number(task.number())
                .number(task.version());
        TaskColumns.bindDetails(rows, task.details())
                .number(task.createdBy().map(UserId::value))
                .time(task.createdAt())
                .time(task.updatedAt())
                .text(work.task().reportRelationship().map(WireValue::wire))
                .id(work.run().map(run -> run.id().value()))
                .text(work.run().map(run -> run.status().wire()))
                .time(work.run().map(Run::createdAt))
                .endRow();
    }

    private static void add(RowBatch rows, Run run, NewTask task) throws SQLException {
        rows.project(run.project())
                .id(run.id().value())
                .id(run.task().value())
                .time(task.createdAt())
                .time(run.createdAt());
        RunColumns.bindMutableColumns(rows, run).endRow();
    }
}
