package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.WireValue;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.NewTaskWithRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskWithRun;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Inserts many tasks and their first runs in one statement; PostgreSQL only. */
final class WorkInsertions {

    private static final String TASK =
            """
            project_id, id, task_number, version, title, title_manually_set, description,
            origin_product, repository, github_integration, github_user_integration,
            signal_report, json_schema, internal, ci_prompt, search_text, created_by,
            created_at, updated_at, report_relationship,
            latest_run_id, latest_run_status, latest_run_created_at""";

    private static final String RUN =
            """
            project_id, id, task_id, created_at, version, status, environment, stage, branch,
            error_message, output, state, artifacts, phase, attempt, failures, queued_at,
            due_at, handle, last_failure, stop_cause, end_reason, updated_at, completed_at""";

    private static final Rows.Columns TASKS =
            Rows.Columns.of(
                    """
                    project_id bigint, id uuid, task_number bigint, version bigint,
                    title text, title_manually_set boolean, description text,
                    origin_product text, repository text, github_integration bigint,
                    github_user_integration uuid, signal_report uuid, json_schema text,
                    internal boolean, ci_prompt text, search_text text, created_by bigint,
                    created_at timestamptz, updated_at timestamptz, report_relationship text,
                    latest_run_id uuid, latest_run_status text,
                    latest_run_created_at timestamptz""");

    private static final Rows.Columns RUNS =
            Rows.Columns.of(
                    """
                    project_id bigint, id uuid, task_id uuid, created_at timestamptz,
                    version bigint, status text, environment text, stage text, branch text,
                    error_message text, output text, state text, artifacts bytea, phase text,
                    attempt integer, failures integer, queued_at timestamptz,
                    due_at timestamptz, handle text, last_failure text, stop_cause text,
                    end_reason text, updated_at timestamptz, completed_at timestamptz""");

    private static final String INSERT =
            """
            with inserted as (
                insert into errand_task (%1$s)
                select %1$s from %2$s)
            insert into errand_run (%3$s)
            select %3$s from %4$s""";

    private final String insert;
    private final String insertOne;

    WorkInsertions(Database database) {
        insert = database.sql(INSERT.formatted(TASK, TASKS.table("task"), RUN, RUNS.table("run")));
        insertOne =
                database.sql(
                        INSERT.formatted(
                                TASK, TASKS.tableOfOne("task"), RUN, RUNS.tableOfOne("run")));
    }

    /** Inserts the tasks under consecutive numbers from {@code firstNumber} on. */
    List<TaskWithRun> insert(
            Session session, ProjectId project, List<NewTaskWithRun> work, long firstNumber)
            throws SQLException {
        Rows tasks = new Rows(TASKS);
        Rows runs = new Rows(RUNS);
        List<TaskWithRun> inserted = new ArrayList<>(work.size());
        for (NewTaskWithRun each : work) {
            Task task = each.task().numbered(project, firstNumber + inserted.size());
            add(tasks, task, each);
            if (each.run().isPresent()) {
                add(runs, each.run().get());
            }
            inserted.add(new TaskWithRun(task, each.run()));
        }
        try {
            if (tasks.size() == 1 && runs.size() == 1) {
                runs.bindOne(tasks.bindOne(session.call(insertOne))).execute();
            } else {
                runs.bind(tasks.bind(session.call(insert))).executeMany();
            }
        } catch (SQLException e) {
            if (Failures.isUniqueViolation(e)) {
                throw new IllegalArgumentException("an id of the batch was used before", e);
            }
            throw e;
        }
        return List.copyOf(inserted);
    }

    private static void add(Rows rows, Task task, NewTaskWithRun work) throws SQLException {
        rows.project(task.project())
                .id(task.id().value())
                .number(task.number())
                .number(task.version());
        TaskColumns.bindDetails(rows, task.details())
                .number(task.createdBy().map(UserId::value))
                .time(task.createdAt())
                .time(task.updatedAt())
                .text(work.task().reportLink().map(WireValue::wire))
                .id(work.run().map(run -> run.id().value()))
                .text(work.run().map(run -> run.status().wire()))
                .time(work.run().map(Run::createdAt))
                .next();
    }

    private static void add(Rows rows, Run run) throws SQLException {
        rows.project(run.project())
                .id(run.id().value())
                .id(run.task().value())
                .time(run.createdAt());
        RunColumns.bindChanging(rows, run).next();
    }
}
