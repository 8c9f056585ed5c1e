package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Claims and settles runs on one database. */
interface RunClaimer {

    /** Claims runs atomically. */
    List<ClaimedRun> claim(
            SqlSession session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException;

    /** Settles runs and claims others atomically. */
    SettleAndClaimResult settleAndClaim(
            SqlSession session,
            List<Settlement> settlements,
            ProjectScope scope,
            ClaimRequest request,
            Instant now)
            throws SQLException;

    /** Settles runs atomically, and returns one result for each. */
    List<RunUpdateResult> settle(SqlSession session, List<Settlement> settlements)
            throws SQLException;

    /** Returns when the next run is due, or empty if none is queued. */
    Optional<Instant> nextDue(SqlSession session, ProjectScope scope, Instant now)
            throws SQLException;

    /** Returns the number of claimable runs and the age of the oldest. */
    QueueDepth depth(SqlSession session, ProjectScope scope, Instant now) throws SQLException;

    /** Returns whether a claim within these limits takes more than one statement. */
    boolean needsTransaction(ConcurrencyLimits limits);

    /**
     * Returns whether settling runs and claiming others of this scope takes more than one
     * statement.
     */
    boolean needsTransaction(ProjectScope scope, ConcurrencyLimits limits);

    /**
     * Reads a queue depth: the number of waiting runs, the oldest due time, and the number of other
     * claimable runs.
     */
    static QueueDepth readDepth(ResultRow row) throws SQLException {
        return new QueueDepth(row.number(), row.optionalTime(), row.number());
    }

    /** Returns the condition that restricts a query to the projects of the scope. */
    static String scopeCondition(ProjectScope scope) {
        if (isSingleProject(scope)) {
            return " and project_id = ?";
        }
        return scope instanceof ProjectScope.OnlyProjects ? " and project_id = any(?)" : "";
    }

    /**
     * Returns whether the scope is one project; PostgreSQL plans that better than an array with one
     * element.
     */
    static boolean isSingleProject(ProjectScope scope) {
        return scope instanceof ProjectScope.OnlyProjects only && only.projects().size() == 1;
    }

    /** Binds the parameters of {@link #scopeCondition}. */
    static SqlStatement bindScope(SqlStatement statement, ProjectScope scope) throws SQLException {
        if (isSingleProject(scope)) {
            return statement.project(
                    ((ProjectScope.OnlyProjects) scope).projects().iterator().next());
        }
        return scope instanceof ProjectScope.OnlyProjects only
                ? statement.numbers(only.projects().stream().map(ProjectId::value).toList())
                : statement;
    }
}
