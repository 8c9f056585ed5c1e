package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.StoredRun;
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
 * Inserts runs of existing tasks, with their queue entries. The task is locked before its latest
 * run is determined. Insertions of runs of one task are therefore serialized, and the task cannot
 * be deleted before the run is inserted.
 */
final class RunInserter {

    // A statement of its own: the next statement sees what was committed while this one waited.
    private static final String LOCK_TASK =
            """
            select id, task_number, version, title, title_manually_set, description,
                origin_product, repository, github_integration, github_user_integration,
                signal_report, json_schema, internal, archived_at, further_repositories, runtime, ci_prompt, created_by, created_at,
                updated_at, deleted_at
            from errand_task
            where project_id = ? and id = ? and deleted_at is null
            for no key update""";

    private static final String LOCK_TASK_H2 =
            """
            select id, task_number, version, title, title_manually_set, description,
                origin_product, repository, github_integration, github_user_integration,
                signal_report, json_schema, internal, archived_at, further_repositories, runtime, ci_prompt, created_by, created_at,
                updated_at, deleted_at
            from errand_task
            where project_id = ? and id = ? and deleted_at is null
            for update""";

    private static final String INSERT_RUN =
            """
            with parent as (
                select id, task_number, version, title, title_manually_set, description,
                    origin_product, repository, github_integration, github_user_integration,
                    signal_report, json_schema, internal, archived_at, further_repositories, runtime, ci_prompt, created_by, created_at,
                    updated_at, deleted_at
                from errand_task
                where project_id = ? and id = ? and deleted_at is null),
            newest as (
                select project_id, id, (created_at, id) < (?, ?) as precedes
                from errand_run
                where project_id = ? and task_id = ?
                order by created_at desc, id desc
                limit 1),
            demoted as (
                update errand_run r set latest = false
                from newest
                where r.project_id = newest.project_id and r.id = newest.id and newest.precedes),
            inserted as (
                insert into errand_run (
                    latest, task_created_at, project_id, id, task_id, created_at,
                    version, status, environment, stage, branch, error_message, output, state,
                    artifacts, attempt, end_reason, updated_at, completed_at)
                select
                    not exists (select from newest where not precedes), parent.created_at,
                    cast(? as bigint), cast(? as uuid), cast(? as uuid), cast(? as timestamptz),
                    cast(? as bigint), cast(? as text), cast(? as text), cast(? as text),
                    cast(? as text), cast(? as text), cast(? as text), cast(? as text),
                    cast(? as jsonb), cast(? as integer), cast(? as text),
                    cast(? as timestamptz), cast(? as timestamptz)
                from parent),
            queued as (
                insert into errand_queue (
                    project_id, run_id, task_id, lease_token, phase, failures, queued_at, due_at,
                    handle, last_failure, stop_reason, priority, queued_limit, launch_limit,
                    inactivity_limit, total_limit)
                select given.*
                from parent
                cross join (
                    select cast(? as bigint), cast(? as uuid), cast(? as uuid),
                        cast(? as bigint), cast(? as text) as phase, cast(? as integer),
                        cast(? as timestamptz), cast(? as timestamptz), cast(? as text),
                        cast(? as text), cast(? as text), cast(? as smallint),
                        cast(? as bigint), cast(? as bigint), cast(? as bigint),
                        cast(? as bigint)) given
                where given.phase is not null)
            select * from parent""";

    private static final String LOCK_TASK_AND_INSERT_RUN = LOCK_TASK + ";\n" + INSERT_RUN;

    private static final String FIND_NEWEST_H2 =
            """
            select id, created_at from errand_run
            where project_id = ? and task_id = ?
            order by created_at desc, id desc
            limit 1""";

    private static final String DEMOTE_RUN_H2 =
            """
            update errand_run set latest = false where project_id = ? and id = ?""";

    private static final String INSERT_RUN_H2 =
            """
            insert into errand_run (
                latest, task_created_at, project_id, id, task_id, created_at,
                version, status, environment, stage, branch, error_message, output, state,
                artifacts, attempt, end_reason, updated_at, completed_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String INSERT_ENTRY_H2 =
            """
            insert into errand_queue (
                project_id, run_id, task_id, lease_token, phase, failures, queued_at, due_at,
                handle, last_failure, stop_reason, priority, queued_limit, launch_limit,
                inactivity_limit, total_limit)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String RECORD_CONNECTION =
            """
            update errand_task set version = ?, github_user_integration = ?, updated_at = ?
            where project_id = ? and id = ?""";

    private static final String CONSUME =
            """
            update errand_staging set consumed_by = ?
            where project_id = ? and task_id = ? and id = any(?)
                and uploaded_at is not null and consumed_by is null and expires_at > ?
            returning id, name, type, source, size_in_bytes, content_type, storage_path,
                uploaded_at, metadata""";

    private static final String CONSUME_H2 =
            """
            select id, name, type, source, size_in_bytes, content_type, storage_path, uploaded_at,
                metadata
            from final table (
                update errand_staging set consumed_by = ?
                where project_id = ? and task_id = ? and id = any(?)
                    and uploaded_at is not null and consumed_by is null and expires_at > ?)""";

    /** The number of columns of a new queue entry. */
    static final int ENTRY_COLUMNS = 16;

    private final Dialect dialect;

    RunInserter(Database database) {
        dialect = database.dialect();
    }

    /**
     * Inserts a run and consumes its artifacts, as part of a transaction. Marks the transaction for
     * rollback if the task or an artifact is missing.
     */
    RunInsertResult insert(SqlSession session, ProjectId project, NewRun insertion, Instant now)
            throws SQLException {
        if (dialect == Dialect.POSTGRESQL && insertion.consumes().isEmpty()) {
            return lockTaskAndInsert(session, project, insertion);
        }
        Optional<Task> task =
                session.statement(dialect.choose(LOCK_TASK, LOCK_TASK_H2))
                        .project(project)
                        .id(insertion.run().task().value())
                        .findOne(row -> TaskColumns.read(project, row));
        if (task.isEmpty()) {
            return session.rollBackAndReturn(new RunInsertResult.TaskNotFound());
        }
        Run run = insertion.run();
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
            run = run.withArtifacts(manifest);
        }
        StoredRun stored = insertion.stored().withRun(run);
        try {
            switch (dialect) {
                case POSTGRESQL ->
                        bindRun(session.statement(INSERT_RUN), project, stored)
                                .findOne(row -> row.id("id"));
                case H2 -> insertH2(session, stored, task.get());
            }
        } catch (SQLException e) {
            throw duplicateId(run, e);
        }
        return inserted(recordConnection(session, insertion, task.get()), run);
    }

    /** Inserts a run that consumes no artifacts, in one round trip. */
    private static RunInsertResult lockTaskAndInsert(
            SqlSession session, ProjectId project, NewRun insertion) throws SQLException {
        Optional<Task> task;
        try {
            SqlStatement statement =
                    session.statement(LOCK_TASK_AND_INSERT_RUN)
                            .project(project)
                            .id(insertion.run().task().value());
            task =
                    bindRun(statement, project, insertion.stored())
                            .findOneAfter(1, row -> TaskColumns.read(project, row));
        } catch (SQLException e) {
            throw duplicateId(insertion.run(), e);
        }
        return task.isEmpty()
                ? session.rollBackAndReturn(new RunInsertResult.TaskNotFound())
                : inserted(recordConnection(session, insertion, task.get()), insertion.run());
    }

    private static void insertH2(SqlSession session, StoredRun stored, Task task)
            throws SQLException {
        Run run = stored.run();
        boolean latest = true;
        Optional<Map.Entry<UUID, Boolean>> newest =
                session.statement(FIND_NEWEST_H2)
                        .project(run.project())
                        .id(run.task().value())
                        .findOne(
                                row ->
                                        Map.entry(
                                                row.id("id"),
                                                precedes(
                                                        row.time("created_at"),
                                                        row.id("id"),
                                                        run)));
        if (newest.isPresent()) {
            latest = newest.get().getValue();
            if (latest) {
                session.statement(DEMOTE_RUN_H2)
                        .project(run.project())
                        .id(newest.get().getKey())
                        .updateOne();
            }
        }
        insertRunH2(session, stored, task.createdAt(), latest);
    }

    private static boolean precedes(Instant createdAt, UUID id, Run run) {
        int order = createdAt.compareTo(run.createdAt());
        return order < 0 || order == 0 && RunId.of(id).compareTo(run.id()) < 0;
    }

    /** Inserts the first run of a task, on H2. */
    static void insertFirstH2(SqlSession session, StoredRun stored, Instant taskCreatedAt)
            throws SQLException {
        try {
            insertRunH2(session, stored, taskCreatedAt, true);
        } catch (SQLException e) {
            throw duplicateId(stored.run(), e);
        }
    }

    private static void insertRunH2(
            SqlSession session, StoredRun stored, Instant taskCreatedAt, boolean latest)
            throws SQLException {
        Run run = stored.run();
        SqlStatement statement =
                session.statement(INSERT_RUN_H2)
                        .flag(latest)
                        .time(taskCreatedAt)
                        .project(run.project())
                        .id(run.id().value())
                        .id(run.task().value())
                        .time(run.createdAt());
        RunColumns.bind(statement, run).updateOne();
        if (stored.entry().isPresent()) {
            insertEntryH2(session, stored);
        }
    }

    /** Inserts the queue entry of a run, on H2. */
    static boolean insertEntryH2(SqlSession session, StoredRun stored) throws SQLException {
        return bindEntry(session.statement(INSERT_ENTRY_H2), stored).updateOne();
    }

    /** The first statement of the transaction has locked the row of the task. */
    private static Task recordConnection(SqlSession session, NewRun insertion, Task task)
            throws SQLException {
        Task next = insertion.withRecordedConnection(task);
        if (next != task) {
            session.statement(RECORD_CONNECTION)
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
        session.statement(dialect.choose(CONSUME, CONSUME_H2))
                .id(insertion.run().id().value())
                .project(project)
                .id(insertion.run().task().value())
                .ids(ids)
                .time(now)
                .list(ArtifactColumns::read)
                .forEach(artifact -> consumed.put(artifact.id(), artifact));
        return consumed;
    }

    private static SqlStatement bindRun(SqlStatement statement, ProjectId project, StoredRun stored)
            throws SQLException {
        Run run = stored.run();
        UUID task = run.task().value();
        UUID id = run.id().value();
        statement.project(project).id(task);
        statement.time(run.createdAt()).id(id).project(project).id(task);
        statement.project(project).id(id).id(task).time(run.createdAt());
        return bindEntry(RunColumns.bind(statement, run), stored);
    }

    /** Binds the columns of a new queue entry, or nulls if there is none. */
    static <P extends ParameterBinder<P>> P bindEntry(P binder, StoredRun stored)
            throws SQLException {
        if (stored.entry().isEmpty()) {
            return binder.nulls(ENTRY_COLUMNS);
        }
        Run run = stored.run();
        QueueEntry entry = stored.entry().get();
        return QueueColumns.bind(
                binder.project(run.project())
                        .id(run.id().value())
                        .id(run.task().value())
                        .number(QueueColumns.firstToken(run)),
                entry);
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
