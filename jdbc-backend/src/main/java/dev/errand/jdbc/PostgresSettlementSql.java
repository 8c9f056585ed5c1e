package dev.errand.jdbc;

import dev.errand.spi.run.Run;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.Settlement;
import java.sql.SQLException;
import java.util.List;

/**
 * The common table expressions that settle runs on PostgreSQL: each only if its version, status and
 * attempt are unchanged and under the lease of its change.
 */
final class PostgresSettlementSql {

    private static final RowBatch.Columns RUNS =
            RowBatch.Columns.of(
                    """
                    project_id bigint, task_id uuid, id uuid, version_before bigint,
                    status_before text, attempt_before integer, token bigint,
                    version bigint, status text, environment text, stage text, branch text,
                    error_message text, output text, state text, artifacts bytea, phase text,
                    attempt integer, failures integer, queued_at timestamptz,
                    due_at timestamptz, handle text, last_failure text, stop_cause text,
                    priority smallint, queued_limit bigint, launch_limit bigint,
                    inactivity_limit bigint, total_limit bigint,
                    end_reason text, updated_at timestamptz, completed_at timestamptz""");

    private static final String SETTLED =
            """
            settled as (
                update errand_run r set
                    version = s.version, status = s.status, environment = s.environment,
                    stage = s.stage, branch = s.branch, error_message = s.error_message,
                    output = s.output, state = s.state, artifacts = s.artifacts,
                    phase = s.phase, attempt = s.attempt, failures = s.failures,
                    queued_at = s.queued_at, due_at = s.due_at, handle = s.handle,
                    last_failure = s.last_failure, stop_cause = s.stop_cause,
                    priority = s.priority, queued_limit = s.queued_limit,
                    launch_limit = s.launch_limit, inactivity_limit = s.inactivity_limit,
                    total_limit = s.total_limit,
                    end_reason = s.end_reason, updated_at = s.updated_at,
                    completed_at = s.completed_at, lease_owner = null, lease_until = null
                from %s
                where r.project_id = s.project_id and r.task_id = s.task_id and r.id = s.id
                    and r.version = s.version_before and r.status = s.status_before
                    and r.attempt = s.attempt_before
                    and r.lease_owner is not null and r.lease_token = s.token
                returning r.project_id, r.task_id, r.id, r.status),
            followed as (
                update errand_task t set latest_run_status = settled.status
                from settled
                where t.project_id = settled.project_id and t.id = settled.task_id
                    and t.latest_run_id = settled.id
                    and t.latest_run_status <> settled.status)""";

    private static final String ONE_SETTLEMENT = withSettling(RUNS.singleRowTable("s"));
    private static final String MANY_SETTLEMENTS = withSettling(RUNS.table("s"));
    private static final String SINGLE_SETTLEMENT = SETTLED.formatted(RUNS.singleRowTable("s"));

    private PostgresSettlementSql() {}

    private static String withSettling(String runs) {
        return "settling as (select * from " + runs + "),\n" + SETTLED.formatted("settling s");
    }

    /**
     * Returns the common table expressions: {@code settling} contains the requested settlements,
     * {@code settled} those that took effect.
     */
    static String tables(List<Settlement> settlements) {
        return settlements.size() == 1 ? ONE_SETTLEMENT : MANY_SETTLEMENTS;
    }

    /**
     * Returns the expressions for one settlement without {@code settling}, which makes a shorter
     * plan.
     */
    static String singleSettlement() {
        return SINGLE_SETTLEMENT;
    }

    /** Binds the parameters of {@link #tables} or {@link #singleSettlement}. */
    static SqlStatement bind(SqlStatement statement, List<Settlement> settlements)
            throws SQLException {
        RowBatch rows = new RowBatch(RUNS);
        for (Settlement settlement : settlements) {
            RunChange change = settlement.change();
            Run before = change.before();
            rows.project(before.project())
                    .id(before.task().value())
                    .id(before.id().value())
                    .number(before.version())
                    .text(before.status().wire())
                    .number(before.dispatch().attempt())
                    .number(change.lease().orElseThrow().token());
            RunColumns.bindMutableColumns(rows, change.after()).endRow();
        }
        return rows.size() == 1 ? rows.bindSingleRow(statement) : rows.bind(statement);
    }
}
