package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.NewRun;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunInsertResult;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskWithLatestRun;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The statements that insert a run. First the task's row is changed, whether the run becomes its
 * latest or not: from then on the task cannot be deleted until the run stands.
 */
final class RunInsertions {

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

    /** Where the values are selected, a null says its type. */
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
    private final String both;
    private final String consume;

    RunInsertions(Database database) {
        Dialect dialect = database.dialect();
        touchTask = database.sql(dialect.changed(TOUCH_TASK, TaskColumns.READ));
        insertRun = database.sql(COLUMNS + VALUES);
        both =
                database.sql(
                        """
                        with parent as (%s returning %s), inserted as (%s)
                        select * from parent"""
                                .formatted(
                                        TOUCH_TASK, TaskColumns.of("t"), COLUMNS + TYPED_VALUES));
        consume =
                database.sql(
                        dialect.changed(
                                """
                                update errand_staging set consumed_by = ?
                                where project_id = ? and task_id = ? and id = any(?)
                                    and uploaded_at is not null and consumed_by is null
                                    and expires_at > ?""",
                                ArtifactColumns.READ));
    }

    /** Inserts a run that consumes nothing, in one statement, where the database can. */
    RunInsertResult insertAlone(Session session, ProjectId project, Run run) throws SQLException {
        try {
            Call call = bindTask(session.call(both), project, run);
            return bindRun(call.project(project).id(run.id().value()).id(run.task().value()), run)
                    .one(row -> TaskColumns.read(project, row))
                    .<RunInsertResult>map(task -> inserted(task, run))
                    .orElseGet(RunInsertResult.TaskNotFound::new);
        } catch (SQLException e) {
            throw usedBefore(run, e);
        }
    }

    /** Inserts a run that consumes nothing, as part of a transaction. */
    RunInsertResult insert(Session session, ProjectId project, Run run) throws SQLException {
        return insert(session, project, new NewRun(run, List.of()), run.createdAt());
    }

    /**
     * Inserts a run and consumes artifacts that are there now, as part of a transaction; refuses
     * the step if need be.
     */
    RunInsertResult insert(Session session, ProjectId project, NewRun insertion, Instant now)
            throws SQLException {
        Run first = insertion.run();
        Optional<Task> task =
                bindTask(session.call(touchTask), project, first)
                        .one(row -> TaskColumns.read(project, row));
        if (task.isEmpty()) {
            return session.refuse(new RunInsertResult.TaskNotFound());
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
                return session.refuse(new RunInsertResult.ArtifactsNotFound(missing));
            }
            run = withManifest(first, manifest);
        }
        try {
            Call call =
                    session.call(insertRun)
                            .project(project)
                            .id(run.id().value())
                            .id(run.task().value())
                            .time(task.get().createdAt());
            bindRun(call, run).execute();
        } catch (SQLException e) {
            throw usedBefore(run, e);
        }
        return inserted(task.get(), run);
    }

    private Map<ArtifactId, Artifact> consume(
            Session session, ProjectId project, NewRun insertion, Instant now) throws SQLException {
        Map<ArtifactId, Artifact> consumed = new HashMap<>();
        List<UUID> ids = insertion.consumes().stream().map(ArtifactColumns::uuid).toList();
        session.call(consume)
                .id(insertion.run().id().value())
                .project(project)
                .id(insertion.run().task().value())
                .ids(ids)
                .time(now)
                .list(ArtifactColumns::read)
                .forEach(artifact -> consumed.put(artifact.id(), artifact));
        return consumed;
    }

    private static Call bindTask(Call call, ProjectId project, Run run) throws SQLException {
        UUID id = run.id().value();
        call.time(run.createdAt()).id(id).id(id);
        call.time(run.createdAt()).id(id).text(run.status().wire());
        call.time(run.createdAt()).id(id).time(run.createdAt());
        return call.project(project).id(run.task().value());
    }

    private static Call bindRun(Call call, Run run) throws SQLException {
        return RunColumns.bindChanging(call.time(run.createdAt()), run);
    }

    private static RunInsertResult inserted(Task task, Run run) {
        return new RunInsertResult.Inserted(new TaskWithLatestRun(task, Optional.of(run)));
    }

    /** What to throw for a failed insert: an id that was used before is the caller's mistake. */
    private static SQLException usedBefore(Run run, SQLException failure) {
        if (Failures.isUniqueViolation(failure)) {
            throw new IllegalArgumentException("run id " + run.id() + " was used before", failure);
        }
        return failure;
    }

    private static Run withManifest(Run run, List<Artifact> manifest) {
        return new Run(
                run.project(),
                run.task(),
                run.id(),
                run.version(),
                run.status(),
                run.environment(),
                run.stage(),
                run.branch(),
                run.errorMessage(),
                run.output(),
                run.state(),
                manifest,
                run.dispatch(),
                run.endReason(),
                run.createdAt(),
                run.updatedAt(),
                run.completedAt());
    }
}
