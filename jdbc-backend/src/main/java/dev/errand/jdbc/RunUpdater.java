package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunUpdateResult;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statements that change a run. The condition is in the statement: version, status and attempt
 * as they were read, and the lease where the change is made under one. The task's row follows in
 * the same statement, or in the same transaction on a database whose statements change one table.
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

    private static final String ENDS_LEASE = ", lease_owner = null, lease_until = null";

    private static final String UNDER_LEASE = " and lease_owner is not null and lease_token = ?";

    // The task is joined, and not asked for by "exists": PostgreSQL may look at its row again after
    // a wait, and must not make the change again for it.
    private static final String CHANGE_WITH_TASK =
            """
            with changed as (%s returning task_id, id),
            followed as (
                update errand_task t set latest_run_status = ?
                from changed c
                where t.project_id = ? and t.id = c.task_id and t.latest_run_id = c.id)
            select 1 from changed""";

    /** What a statement does besides changing the run's own members. */
    private record StatementVariant(boolean endsLease, boolean underLease, boolean changesTask) {}

    private final Database database;
    private final Map<StatementVariant, String> changes = new ConcurrentHashMap<>();
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

    /** How a run stands, with the token of its lease if somebody has one. */
    private record StoredRun(Run run, Optional<Long> token) {}

    /** Whether the change takes more than one statement on this database. */
    boolean needsTransaction(RunChange change) {
        return changesStatus(change) && !database.dialect().supportsMultiTableStatements();
    }

    /** Makes the change, or tells why not; nothing of the step stands then. */
    RunUpdateResult updateOrRollBack(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        RunUpdateResult answer = update(session, project, change);
        return answer instanceof RunUpdateResult.Advanced
                ? answer
                : session.rollBackAndReturn(answer);
    }

    /** Makes the change, or tells why not; this change has changed nothing then. */
    RunUpdateResult update(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        while (!tryUpdate(session, project, change)) {
            Optional<StoredRun> stored = findStored(session, project, change);
            if (stored.isEmpty()) {
                return new RunUpdateResult.Missing();
            }
            if (!isUnderLatestLease(change, stored.get())) {
                return new RunUpdateResult.LeaseLost();
            }
            if (!isUnchanged(change.before(), stored.get().run())) {
                return new RunUpdateResult.Stale(stored.get().run());
            }
            // It came to be what was read in between, and the change can be made.
        }
        return new RunUpdateResult.Advanced(change.after());
    }

    private boolean tryUpdate(SqlSession session, ProjectId project, RunChange change)
            throws SQLException {
        Run before = change.before();
        Run after = change.after();
        boolean together =
                changesStatus(change) && database.dialect().supportsMultiTableStatements();
        StatementVariant variant =
                new StatementVariant(endsLease(change), change.under().isPresent(), together);
        SqlStatement call =
                RunColumns.bindMutableColumns(session.statement(sql(variant)), after)
                        .project(project)
                        .id(before.task().value())
                        .id(before.id().value())
                        .number(before.version())
                        .text(before.status().wire())
                        .number(before.dispatch().attempt());
        if (change.under().isPresent()) {
            call.number(change.under().get().token());
        }
        if (together) {
            return call.text(after.status().wire())
                    .project(project)
                    .findOne(ResultRow::number)
                    .isPresent();
        }
        boolean changed = call.updateOne();
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
        return changes.computeIfAbsent(
                variant,
                key -> {
                    String change =
                            CHANGE.formatted(
                                    key.endsLease() ? ENDS_LEASE : "",
                                    key.underLease() ? UNDER_LEASE : "");
                    return database.sql(
                            key.changesTask() ? CHANGE_WITH_TASK.formatted(change) : change);
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
        return change.under().isEmpty()
                || stored.token().equals(Optional.of(change.under().get().token()));
    }

    private static boolean isUnchanged(Run read, Run current) {
        return current.version() == read.version()
                && current.status() == read.status()
                && current.dispatch().attempt() == read.dispatch().attempt();
    }
}
