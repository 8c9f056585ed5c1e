package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Updates runs conditionally: version, status and attempt must be as they were read, and the lease
 * must be the one of the change, if it has one. The queue entry is written only if it differs.
 *
 * <p>The version of a run covers its entry, but not the lease, which a claim or a renewal changes
 * concurrently. An update that depends on the lease or writes the entry therefore locks the entry
 * before the run. On PostgreSQL this is one statement.
 *
 * <p>The task is compared by "is not distinct from", which is no condition of an index: for an
 * equality, PostgreSQL may read all runs of the task along their index instead of using the primary
 * key.
 */
final class RunUpdater {

    private static final int MAX_ATTEMPTS = 3;

    private static final String UPDATE_RUN =
            """
            update errand_run set
                version = ?, status = ?, environment = ?, stage = ?, branch = ?,
                error_message = ?, output = ?, state = ?, artifacts = cast(? as jsonb),
                attempt = ?, end_reason = ?, updated_at = ?, completed_at = ?
            where project_id = ? and task_id is not distinct from ? and id = ?
                and version = ? and status = ? and attempt = ?""";

    private static final String UPDATE_RUN_UNDER_LEASE =
            """
            with entry as (
                select lease_owner, lease_token from errand_queue
                where project_id = ? and run_id = ?
                for update)
            update errand_run r set
                version = ?, status = ?, environment = ?, stage = ?, branch = ?,
                error_message = ?, output = ?, state = ?, artifacts = cast(? as jsonb),
                attempt = ?, end_reason = ?, updated_at = ?, completed_at = ?
            from entry
            where r.project_id = ? and r.task_id is not distinct from ? and r.id = ?
                and r.version = ? and r.status = ? and r.attempt = ?
                and (cast(? as bigint) is null
                    or entry.lease_owner is not null and entry.lease_token = cast(? as bigint))""";

    private static final String UPDATE_RUN_AND_ENTRY =
            """
            with entry as (
                select lease_owner, lease_token from errand_queue
                where project_id = ? and run_id = ?
                for update),
            changed as (
                update errand_run r set
                    version = ?, status = ?, environment = ?, stage = ?, branch = ?,
                    error_message = ?, output = ?, state = ?, artifacts = cast(? as jsonb),
                    attempt = ?, end_reason = ?, updated_at = ?, completed_at = ?
                from entry
                where r.project_id = ? and r.task_id is not distinct from ? and r.id = ?
                    and r.version = ? and r.status = ? and r.attempt = ?
                    and (cast(? as bigint) is null
                        or entry.lease_owner is not null
                            and entry.lease_token = cast(? as bigint))
                returning r.id)
            update errand_queue q set
                phase = ?, failures = ?, queued_at = ?, due_at = ?, handle = ?,
                last_failure = ?, stop_reason = ?, priority = ?, queued_limit = ?,
                launch_limit = ?, inactivity_limit = ?, total_limit = ?,
                lease_owner = case when ? then null else q.lease_owner end,
                lease_until = case when ? then null else q.lease_until end
            from changed
            where q.project_id = ? and q.run_id = changed.id""";

    private static final String UPDATE_RUN_AND_DELETE_ENTRY =
            """
            with entry as (
                select lease_owner, lease_token from errand_queue
                where project_id = ? and run_id = ?
                for update),
            changed as (
                update errand_run r set
                    version = ?, status = ?, environment = ?, stage = ?, branch = ?,
                    error_message = ?, output = ?, state = ?, artifacts = cast(? as jsonb),
                    attempt = ?, end_reason = ?, updated_at = ?, completed_at = ?
                from entry
                where r.project_id = ? and r.task_id is not distinct from ? and r.id = ?
                    and r.version = ? and r.status = ? and r.attempt = ?
                    and (cast(? as bigint) is null
                        or entry.lease_owner is not null
                            and entry.lease_token = cast(? as bigint))
                returning r.id)
            delete from errand_queue q using changed
            where q.project_id = ? and q.run_id = changed.id""";

    private static final String UPDATE_RUN_AND_INSERT_ENTRY =
            """
            with changed as (
                update errand_run r set
                    version = ?, status = ?, environment = ?, stage = ?, branch = ?,
                    error_message = ?, output = ?, state = ?, artifacts = cast(? as jsonb),
                    attempt = ?, end_reason = ?, updated_at = ?, completed_at = ?
                where r.project_id = ? and r.task_id is not distinct from ? and r.id = ?
                    and r.version = ? and r.status = ? and r.attempt = ?
                returning r.project_id, r.id, r.task_id)
            insert into errand_queue (
                project_id, run_id, task_id, lease_token, phase, failures, queued_at, due_at,
                handle, last_failure, stop_reason, priority, queued_limit, launch_limit,
                inactivity_limit, total_limit)
            select
                changed.project_id, changed.id, changed.task_id, cast(? as bigint),
                cast(? as text), cast(? as integer), cast(? as timestamptz),
                cast(? as timestamptz), cast(? as text), cast(? as text), cast(? as text),
                cast(? as smallint), cast(? as bigint), cast(? as bigint), cast(? as bigint),
                cast(? as bigint)
            from changed""";

    private static final String LOCK_ENTRY_H2 =
            """
            select lease_owner, lease_token from errand_queue
            where project_id = ? and run_id = ?
            for update""";

    private static final String UPDATE_ENTRY_H2 =
            """
            update errand_queue set
                phase = ?, failures = ?, queued_at = ?, due_at = ?, handle = ?,
                last_failure = ?, stop_reason = ?, priority = ?, queued_limit = ?,
                launch_limit = ?, inactivity_limit = ?, total_limit = ?,
                lease_owner = case when ? then null else lease_owner end,
                lease_until = case when ? then null else lease_until end
            where project_id = ? and run_id = ?""";

    private static final String DELETE_ENTRY_H2 =
            """
            delete from errand_queue where project_id = ? and run_id = ?""";

    private static final String FIND =
            """
            select r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at,
                q.phase, q.failures, q.queued_at, q.due_at, q.handle, q.last_failure,
                q.stop_reason, q.priority, q.queued_limit, q.launch_limit, q.inactivity_limit,
                q.total_limit, q.lease_owner, q.lease_token
            from errand_run r
            left join errand_queue q on q.project_id = r.project_id and q.run_id = r.id
            where r.project_id = ? and r.task_id is not distinct from ? and r.id = ?""";

    /** What an update does with the queue entry. */
    private enum EntryChange {
        NONE,
        INSERT,
        UPDATE,
        DELETE;

        static EntryChange of(RunChange change) {
            StoredRun before = change.before();
            StoredRun after = change.after();
            if (after.entry().isEmpty()) {
                return before.entry().isEmpty() ? NONE : DELETE;
            }
            if (before.entry().isEmpty()) {
                return INSERT;
            }
            return change.releasesLease() || !before.entry().equals(after.entry()) ? UPDATE : NONE;
        }
    }

    /** A stored run, with the token of its lease if it is leased. */
    private record LeasedRun(StoredRun stored, Optional<Long> token) {

        boolean isUnderLeaseOf(RunChange change) {
            return change.lease().isEmpty()
                    || token.equals(Optional.of(change.lease().get().token()));
        }
    }

    private final Dialect dialect;

    RunUpdater(Database database) {
        dialect = database.dialect();
    }

    /** Returns whether the change takes more than one statement on this database. */
    boolean needsTransaction(RunChange change) {
        return dialect == Dialect.H2
                && (change.lease().isPresent() || EntryChange.of(change) != EntryChange.NONE);
    }

    /**
     * Applies the change, or marks the transaction for rollback and returns why it does not apply.
     */
    RunUpdateResult updateOrRollBack(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        RunUpdateResult answer = update(session, project, change);
        return answer instanceof RunUpdateResult.Updated
                ? answer
                : session.rollBackAndReturn(answer);
    }

    /** Applies the change, or returns why it does not apply. */
    RunUpdateResult update(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        Optional<LeasedRun> found = Optional.empty();
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            boolean updated =
                    switch (dialect) {
                        case POSTGRESQL -> tryUpdate(session, project, change);
                        case H2 -> tryUpdateH2(session, project, change);
                    };
            if (updated) {
                return new RunUpdateResult.Updated(change.after());
            }
            found = find(session, project, change.before().run());
            if (found.isEmpty()) {
                return new RunUpdateResult.NotFound();
            }
            if (!found.get().isUnderLeaseOf(change)) {
                return new RunUpdateResult.LeaseLost();
            }
            if (!isUnchanged(change.before().run(), found.get().stored().run())) {
                break;
            }
            // The run changed in between to what was read, so the change may apply now.
        }
        return new RunUpdateResult.Stale(found.orElseThrow().stored());
    }

    private static boolean tryUpdate(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        Run run = change.after().run();
        return switch (EntryChange.of(change)) {
            case NONE ->
                    change.lease().isEmpty()
                            ? updateRun(session, project, change)
                            : bindUnderLease(
                                            session.statement(UPDATE_RUN_UNDER_LEASE),
                                            project,
                                            change)
                                    .updateOne();
            case INSERT -> {
                if (change.lease().isPresent()) {
                    yield false; // A run without an entry has no lease.
                }
                SqlStatement statement = session.statement(UPDATE_RUN_AND_INSERT_ENTRY);
                bindRun(statement, project, change).number(QueueColumns.firstToken(run));
                yield QueueColumns.bind(statement, change.after().entry().orElseThrow())
                        .updateOne();
            }
            case UPDATE -> {
                SqlStatement statement = session.statement(UPDATE_RUN_AND_ENTRY);
                bindUnderLease(statement, project, change);
                yield bindEntry(statement, change).project(project).updateOne();
            }
            case DELETE ->
                    bindUnderLease(session.statement(UPDATE_RUN_AND_DELETE_ENTRY), project, change)
                            .project(project)
                            .updateOne();
        };
    }

    private static boolean tryUpdateH2(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        Run run = change.after().run();
        EntryChange entryChange = EntryChange.of(change);
        boolean dependsOnEntry =
                change.lease().isPresent()
                        || entryChange == EntryChange.UPDATE
                        || entryChange == EntryChange.DELETE;
        if (dependsOnEntry && !lockEntryH2(session, project, change)
                || !updateRun(session, project, change)) {
            return false;
        }
        return switch (entryChange) {
            case NONE -> true;
            case INSERT -> RunInserter.insertEntryH2(session, change.after());
            case UPDATE ->
                    bindEntry(session.statement(UPDATE_ENTRY_H2), change)
                            .project(project)
                            .id(run.id().value())
                            .updateOne();
            case DELETE ->
                    session.statement(DELETE_ENTRY_H2)
                            .project(project)
                            .id(run.id().value())
                            .updateOne();
        };
    }

    /** Locks the entry, and returns whether it exists and has the lease of the change. */
    private static boolean lockEntryH2(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        return session.statement(LOCK_ENTRY_H2)
                .project(project)
                .id(change.before().run().id().value())
                .findOne(
                        row ->
                                change.lease().isEmpty()
                                        || row.optionalText("lease_owner").isPresent()
                                                && row.number("lease_token")
                                                        == change.lease().get().token())
                .orElse(false);
    }

    private static boolean updateRun(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        return bindRun(session.statement(UPDATE_RUN), project, change).updateOne();
    }

    private static SqlStatement bindRun(SqlStatement statement, ProjectId project, RunChange change)
            throws SQLException {
        Run before = change.before().run();
        return RunColumns.bind(statement, change.after().run())
                .project(project)
                .id(before.task().value())
                .id(before.id().value())
                .number(before.version())
                .text(before.status().wire())
                .number(before.attempt());
    }

    private static SqlStatement bindUnderLease(
            SqlStatement statement, ProjectId project, RunChange change) throws SQLException {
        Optional<Long> token = change.lease().map(lease -> lease.token());
        statement.project(project).id(change.before().run().id().value());
        return bindRun(statement, project, change).number(token).number(token);
    }

    private static SqlStatement bindEntry(SqlStatement statement, RunChange change)
            throws SQLException {
        return QueueColumns.bind(statement, change.after().entry().orElseThrow())
                .flag(change.releasesLease())
                .flag(change.releasesLease());
    }

    private static boolean isUnchanged(Run read, Run current) {
        return current.version() == read.version()
                && current.status() == read.status()
                && current.attempt() == read.attempt();
    }

    private static Optional<LeasedRun> find(SqlSession session, ProjectId project, Run run)
            throws SQLException {
        return session.statement(FIND)
                .project(project)
                .id(run.task().value())
                .id(run.id().value())
                .findOne(
                        row ->
                                new LeasedRun(
                                        new StoredRun(
                                                RunColumns.read(project, row),
                                                QueueColumns.readOptional(row)),
                                        row.optionalText("lease_owner").isPresent()
                                                ? row.optionalNumber("lease_token")
                                                : Optional.empty()));
    }
}
