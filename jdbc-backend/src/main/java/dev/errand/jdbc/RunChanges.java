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
final class RunChanges {

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
    private record Form(boolean endsLease, boolean underLease, boolean changesTask) {}

    private final Database database;
    private final Map<Form, String> changes = new ConcurrentHashMap<>();
    private final String followTask;
    private final String stand;

    RunChanges(Database database) {
        this.database = database;
        followTask =
                database.sql(
                        """
                        update errand_task set latest_run_status = ?
                        where project_id = ? and id = ? and latest_run_id = ?""");
        stand =
                database.sql(
                        """
                        select %s, lease_owner, lease_token from errand_run
                        where project_id = ? and task_id = ? and id = ?"""
                                .formatted(RunColumns.READ));
    }

    /** How a run stands, with the token of its lease if somebody has one. */
    private record Stand(Run run, Optional<Long> token) {}

    /** Whether the change takes more than one statement on this database. */
    boolean needsTransaction(RunChange change) {
        return changesTask(change) && !database.dialect().changesTablesTogether();
    }

    /** Makes the change, or tells why not; nothing of the step stands then. */
    RunUpdateResult make(Session session, ProjectId project, RunChange change) throws SQLException {
        RunUpdateResult answer = attempt(session, project, change);
        return answer instanceof RunUpdateResult.Updated ? answer : session.refuse(answer);
    }

    /** Makes the change, or tells why not; this change has changed nothing then. */
    RunUpdateResult attempt(Session session, ProjectId project, RunChange change)
            throws SQLException {
        while (!change(session, project, change)) {
            Optional<Stand> stand = stand(session, project, change);
            if (stand.isEmpty()) {
                return new RunUpdateResult.NotFound();
            }
            if (!isUnderLatestLease(change, stand.get())) {
                return new RunUpdateResult.LeaseLost();
            }
            if (!isWhatWasRead(change.before(), stand.get().run())) {
                return new RunUpdateResult.Stale(stand.get().run());
            }
            // It came to be what was read in between, and the change can be made.
        }
        return new RunUpdateResult.Updated(change.after());
    }

    private boolean change(Session session, ProjectId project, RunChange change)
            throws SQLException {
        Run before = change.before();
        Run after = change.after();
        boolean together = changesTask(change) && database.dialect().changesTablesTogether();
        Form form = new Form(endsLease(change), change.lease().isPresent(), together);
        Call call =
                RunColumns.bindChanging(session.call(sql(form)), after)
                        .project(project)
                        .id(before.task().value())
                        .id(before.id().value())
                        .number(before.version())
                        .text(before.status().wire())
                        .number(before.dispatch().attempt());
        if (change.lease().isPresent()) {
            call.number(change.lease().get().token());
        }
        if (together) {
            return call.text(after.status().wire()).project(project).one(Row::number).isPresent();
        }
        boolean changed = call.execute();
        if (changed && changesTask(change)) {
            session.call(followTask)
                    .text(after.status().wire())
                    .project(project)
                    .id(after.task().value())
                    .id(after.id().value())
                    .execute();
        }
        return changed;
    }

    private String sql(Form form) {
        return changes.computeIfAbsent(
                form,
                key -> {
                    String change =
                            CHANGE.formatted(
                                    key.endsLease() ? ENDS_LEASE : "",
                                    key.underLease() ? UNDER_LEASE : "");
                    return database.sql(
                            key.changesTask() ? CHANGE_WITH_TASK.formatted(change) : change);
                });
    }

    private Optional<Stand> stand(Session session, ProjectId project, RunChange change)
            throws SQLException {
        return session.call(stand)
                .project(project)
                .id(change.before().task().value())
                .id(change.before().id().value())
                .one(
                        row -> {
                            Run run = RunColumns.read(project, row);
                            boolean held = row.textOrNothing().isPresent();
                            long token = row.number();
                            return new Stand(run, held ? Optional.of(token) : Optional.empty());
                        });
    }

    private static boolean changesTask(RunChange change) {
        return change.before().status() != change.after().status();
    }

    private static boolean endsLease(RunChange change) {
        return change.releasesLease() || !change.after().dispatch().phase().isActive();
    }

    private static boolean isUnderLatestLease(RunChange change, Stand stand) {
        return change.lease().isEmpty()
                || stand.token().equals(Optional.of(change.lease().get().token()));
    }

    private static boolean isWhatWasRead(Run read, Run standing) {
        return standing.version() == read.version()
                && standing.status() == read.status()
                && standing.dispatch().attempt() == read.dispatch().attempt();
    }
}
