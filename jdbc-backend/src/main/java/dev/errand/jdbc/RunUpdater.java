package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Updates runs conditionally: version, status and attempt must be as they were read, and the lease
 * must be the one of the change, if it has one. The task's copy of the status is updated by the
 * same statement, or in the same transaction if the database cannot do that.
 */
final class RunUpdater {

    private static final String CHANGE =
            """
            update errand_run set
                version = ?, status = ?, environment = ?, stage = ?, branch = ?,
                error_message = ?, output = ?, state = ?, artifacts = ?, phase = ?, attempt = ?,
                failures = ?, queued_at = ?, due_at = ?, handle = ?, last_failure = ?,
                stop_cause = ?, priority = ?, queued_limit = ?, launch_limit = ?,
                inactivity_limit = ?, total_limit = ?, end_reason = ?, updated_at = ?,
                completed_at = ?%s
            where project_id = ? and task_id = ? and id = ?
                and version = ? and status = ? and attempt = ?%s""";

    private static final int MAX_ATTEMPTS = 3;

    private static final String ENDS_LEASE = ", lease_owner = null, lease_until = null";

    private static final String UNDER_LEASE = " and lease_owner is not null and lease_token = ?";

    // The task is joined and not tested with "exists": PostgreSQL may evaluate the condition again
    // after waiting for a lock, and must not apply the change again.
    private static final String CHANGE_WITH_TASK =
            """
            with changed as (%s returning task_id, id),
            followed as (
                update errand_task t set latest_run_status = ?
                from changed c
                where t.project_id = ? and t.id = c.task_id and t.latest_run_id = c.id)
            select 1 from changed""";

    /** The properties that determine the text of a statement. */
    private record StatementVariant(boolean endsLease, boolean underLease, boolean updatesTask) {}

    private final Database database;
    private final Map<StatementVariant, String> statements = new ConcurrentHashMap<>();
    private final String updateTask;
    private final String stored;

    RunUpdater(Database database) {
        this.database = database;
        updateTask =
                database.sql(
                        """
                        update errand_task set latest_run_status = ?
                        where project_id = ? and id = ? and latest_run_id = ?""");
        stored =
                database.sql(
                        """
                        select %s, lease_owner, lease_token from errand_run
                        where project_id = ? and task_id = ? and id = ?"""
                                .formatted(RunColumns.COLUMNS));
    }

    /** A stored run, with the token of its lease if it is leased. */
    private record StoredRun(Run run, Optional<Long> token) {}

    /** Returns whether the change takes more than one statement on this database. */
    boolean needsTransaction(RunChange change) {
        return changesStatus(change) && !database.dialect().supportsMultiTableStatements();
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
        Optional<StoredRun> stored = Optional.empty();
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            if (tryUpdate(session, project, change)) {
                return new RunUpdateResult.Updated(change.after());
            }
            stored = findStored(session, project, change);
            if (stored.isEmpty()) {
                return new RunUpdateResult.NotFound();
            }
            if (!isUnderLatestLease(change, stored.get())) {
                return new RunUpdateResult.LeaseLost();
            }
            if (!isUnchanged(change.before(), stored.get().run())) {
                break;
            }
            // The run changed in between to what was read, so the change may apply now.
        }
        return new RunUpdateResult.Stale(stored.orElseThrow().run());
    }

    private boolean tryUpdate(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        Run before = change.before();
        Run after = change.after();
        boolean updatesTask =
                changesStatus(change) && database.dialect().supportsMultiTableStatements();
        StatementVariant variant =
                new StatementVariant(endsLease(change), change.lease().isPresent(), updatesTask);
        SqlStatement statement =
                RunColumns.bindMutableColumns(session.statement(sql(variant)), after)
                        .project(project)
                        .id(before.task().value())
                        .id(before.id().value())
                        .number(before.version())
                        .text(before.status().wire())
                        .number(before.dispatch().attempt());
        if (change.lease().isPresent()) {
            statement.number(change.lease().get().token());
        }
        if (updatesTask) {
            return statement
                    .text(after.status().wire())
                    .project(project)
                    .findOne(ResultRow::number)
                    .isPresent();
        }
        boolean changed = statement.updateOne();
        if (changed && changesStatus(change)) {
            session.statement(updateTask)
                    .text(after.status().wire())
                    .project(project)
                    .id(after.task().value())
                    .id(after.id().value())
                    .updateOne();
        }
        return changed;
    }

    private String sql(StatementVariant variant) {
        return statements.computeIfAbsent(
                variant,
                key -> {
                    String change =
                            CHANGE.formatted(
                                    key.endsLease() ? ENDS_LEASE : "",
                                    key.underLease() ? UNDER_LEASE : "");
                    return database.sql(
                            key.updatesTask() ? CHANGE_WITH_TASK.formatted(change) : change);
                });
    }

    private Optional<StoredRun> findStored(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        return session.statement(stored)
                .project(project)
                .id(change.before().task().value())
                .id(change.before().id().value())
                .findOne(
                        row -> {
                            Run run = RunColumns.read(project, row);
                            boolean held = row.optionalText().isPresent();
                            long token = row.number();
                            return new StoredRun(run, held ? Optional.of(token) : Optional.empty());
                        });
    }

    private static boolean changesStatus(RunChange change) {
        return change.before().status() != change.after().status();
    }

    private static boolean endsLease(RunChange change) {
        return change.releasesLease() || !change.after().dispatch().phase().isActive();
    }

    private static boolean isUnderLatestLease(RunChange change, StoredRun stored) {
        return change.lease().isEmpty()
                || stored.token().equals(Optional.of(change.lease().get().token()));
    }

    private static boolean isUnchanged(Run read, Run current) {
        return current.version() == read.version()
                && current.status() == read.status()
                && current.dispatch().attempt() == read.dispatch().attempt();
    }
}
