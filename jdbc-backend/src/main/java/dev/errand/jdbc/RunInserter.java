package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Inserts runs. The task is updated first, whether or not the run becomes its latest one: this
 * locks the task, so that it cannot be deleted before the run is inserted.
 */
final class RunInserter {

    private static final String TOUCH_TASK =
            """
            update errand_task t set
                latest_run_id = case when t.latest_run_id is null
                    or (t.latest_run_created_at, t.latest_run_id)
                        < (cast(? as timestamp with time zone), cast(? as uuid))
                    then cast(? as uuid) else t.latest_run_id end,
                latest_run_status = case when t.latest_run_id is null
                    or (t.latest_run_created_at, t.latest_run_id)
                        < (cast(? as timestamp with time zone), cast(? as uuid))
                    then cast(? as varchar) else t.latest_run_status end,
                latest_run_created_at = case when t.latest_run_id is null
                    or (t.latest_run_created_at, t.latest_run_id)
                        < (cast(? as timestamp with time zone), cast(? as uuid))
                    then cast(? as timestamp with time zone) else t.latest_run_created_at end
            where t.project_id = ? and t.id = ? and t.deleted_at is null""";

    private static final String COLUMNS =
            """
            insert into errand_run
                (project_id, id, task_id, task_created_at, created_at, version, status, environment, stage, branch,
                 error_message, output, state, artifacts, phase, attempt, failures, queued_at,
                 due_at, handle, last_failure, stop_cause, priority, queued_limit, launch_limit,
                 inactivity_limit, total_limit, end_reason, updated_at, completed_at)
            """;

    private static final String VALUES =
            """
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
            ?, ?, ?)""";

    /** The values for "insert ... select", where null needs an explicit type. */
    private static final String TYPED_VALUES =
            """
            select cast(? as bigint), cast(? as uuid), cast(? as uuid), parent.created_at,
                cast(? as timestamptz), cast(? as bigint), cast(? as text), cast(? as text), cast(? as text),
                cast(? as text), cast(? as text), cast(? as text), cast(? as text),
                cast(? as bytea), cast(? as text), cast(? as integer), cast(? as integer),
                cast(? as timestamptz), cast(? as timestamptz), cast(? as text), cast(? as text),
                cast(? as text), cast(? as smallint), cast(? as bigint), cast(? as bigint),
                cast(? as bigint), cast(? as bigint), cast(? as text), cast(? as timestamptz),
                cast(? as timestamptz)
            from parent""";

    private final String touchTask;
    private final String insertRun;
    private final String touchTaskAndInsertRun;
    private final String consume;
    private final String connect;

    RunInserter(Database database) {
        Dialect dialect = database.dialect();
        touchTask = database.sql(dialect.returning(TOUCH_TASK, TaskColumns.COLUMNS));
        insertRun = database.sql(COLUMNS + VALUES);
        touchTaskAndInsertRun =
                database.sql(
                        """
                        with parent as (%s returning %s), inserted as (%s)
                        select * from parent"""
                                .formatted(
                                        TOUCH_TASK,
                                        TaskColumns.qualified("t"),
                                        COLUMNS + TYPED_VALUES));
        connect =
                database.sql(
                        """
                        update errand_task set
                            version = ?, github_user_integration = ?, updated_at = ?
                        where project_id = ? and id = ?""");
        consume =
                database.sql(
                        dialect.returning(
                                """
                                update errand_staging set consumed_by = ?
                                where project_id = ? and task_id = ? and id = any(?)
                                    and uploaded_at is not null and consumed_by is null
                                    and expires_at > ?""",
                                ArtifactColumns.COLUMNS));
    }

    /**
     * Inserts a run that consumes no artifacts in one statement, on a database that supports it.
     */
    RunInsertResult insertAlone(SqlSession session, ProjectId project, Run run)
            throws SQLException {
        try {
            SqlStatement statement =
                    bindTask(session.statement(touchTaskAndInsertRun), project, run);
            return bindRun(
                            statement.project(project).id(run.id().value()).id(run.task().value()),
                            run)
                    .findOne(row -> TaskColumns.read(project, row))
                    .<RunInsertResult>map(task -> inserted(task, run))
                    .orElseGet(RunInsertResult.TaskNotFound::new);
        } catch (SQLException e) {
            throw duplicateId(run, e);
        }
    }

    /** Inserts a run that consumes no artifacts, as part of a transaction. */
    RunInsertResult insert(SqlSession session, ProjectId project, Run run) throws SQLException {
        return insert(session, project, new NewRun(run, List.of()), run.createdAt());
    }

    /**
     * Inserts a run and consumes its artifacts, as part of a transaction. Marks the transaction for
     * rollback if the task or an artifact is missing.
     */
    RunInsertResult insert(SqlSession session, ProjectId project, NewRun insertion, Instant now)
            throws SQLException {
        Run first = insertion.run();
        Optional<Task> task =
                bindTask(session.statement(touchTask), project, first)
                        .findOne(row -> TaskColumns.read(project, row));
        if (task.isEmpty()) {
            return session.rollBackAndReturn(new RunInsertResult.TaskNotFound());
        }
        Run run = first;
        if (!insertion.consumes().isEmpty()) {
            Map<ArtifactId, Artifact> consumed = consume(session, project, insertion, now);
            List<Artifact> manifest = new ArrayList<>();
            List<ArtifactId> missing = new ArrayList<>();
            for (ArtifactId id : insertion.consumes()) {
                if (consumed.containsKey(id)) {
                    manifest.add(consumed.get(id));
                } else {
                    missing.add(id);
                }
            }
            if (!missing.isEmpty()) {
                return session.rollBackAndReturn(new RunInsertResult.ArtifactsNotFound(missing));
            }
            run = first.withArtifacts(manifest);
        }
        try {
            SqlStatement statement =
                    session.statement(insertRun)
                            .project(project)
                            .id(run.id().value())
                            .id(run.task().value())
                            .time(task.get().createdAt());
            bindRun(statement, run).updateOne();
        } catch (SQLException e) {
            throw duplicateId(run, e);
        }
        return inserted(connect(session, insertion, task.get()), run);
    }

    /** The first statement of the transaction has locked the row of the task. */
    private Task connect(SqlSession session, NewRun insertion, Task task) throws SQLException {
        Task next = insertion.withRecordedConnection(task);
        if (next != task) {
            session.statement(connect)
                    .number(next.version())
                    .id(insertion.githubUserIntegration())
                    .time(next.updatedAt())
                    .project(task.project())
                    .id(task.id().value())
                    .updateOne();
        }
        return next;
    }

    private Map<ArtifactId, Artifact> consume(
            SqlSession session, ProjectId project, NewRun insertion, Instant now)
            throws SQLException {
        Map<ArtifactId, Artifact> consumed = new HashMap<>();
        List<UUID> ids = insertion.consumes().stream().map(ArtifactColumns::uuid).toList();
        session.statement(consume)
                .id(insertion.run().id().value())
                .project(project)
                .id(insertion.run().task().value())
                .ids(ids)
                .time(now)
                .list(ArtifactColumns::read)
                .forEach(artifact -> consumed.put(artifact.id(), artifact));
        return consumed;
    }

    private static SqlStatement bindTask(SqlStatement statement, ProjectId project, Run run)
            throws SQLException {
        UUID id = run.id().value();
        statement.time(run.createdAt()).id(id).id(id);
        statement.time(run.createdAt()).id(id).text(run.status().wire());
        statement.time(run.createdAt()).id(id).time(run.createdAt());
        return statement.project(project).id(run.task().value());
    }

    private static SqlStatement bindRun(SqlStatement statement, Run run) throws SQLException {
        return RunColumns.bindMutableColumns(statement.time(run.createdAt()), run);
    }

    private static RunInsertResult inserted(Task task, Run run) {
        return new RunInsertResult.Inserted(new TaskWithLatestRun(task, Optional.of(run)));
    }

    /**
     * Throws an {@link IllegalArgumentException} if the id is already used; returns other failures.
     */
    private static SQLException duplicateId(Run run, SQLException failure) {
        if (SqlExceptionTranslator.isUniqueViolation(failure)) {
            throw new IllegalArgumentException(
                    "run id " + run.id() + " must be new, but is already used", failure);
        }
        return failure;
    }
}
