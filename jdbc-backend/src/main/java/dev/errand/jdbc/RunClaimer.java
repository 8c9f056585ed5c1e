package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.ConcurrencyLimits;
import dev.errand.spi.dispatch.QueueDepth;
import dev.errand.spi.dispatch.SettleAndClaimResult;
import dev.errand.spi.dispatch.Settlement;
import dev.errand.spi.run.RunUpdateResult;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How one database hands out the runs that wait. */
interface RunClaimer {

    /** Claims runs, as one step. */
    List<ClaimedRun> claim(
            SqlSession session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException;

    /** Settles runs and claims others, as one step. */
    SettleAndClaimResult settleAndClaim(
            SqlSession session,
            List<Settlement> settlements,
            ProjectScope scope,
            ClaimRequest request,
            Instant now)
            throws SQLException;

    /** Settles runs, as one step; one answer for each. */
    List<RunUpdateResult> settle(SqlSession session, List<Settlement> settlements)
            throws SQLException;

    /** When the next run is to be claimed. */
    Optional<Instant> nextDue(SqlSession session, ProjectScope scope, Instant now)
            throws SQLException;

    /** How many runs are claimable, and since when. */
    QueueDepth depth(SqlSession session, ProjectScope scope, Instant now) throws SQLException;

    /** Whether a claim within these limits takes more than one statement. */
    boolean needsTransaction(ConcurrencyLimits limits);

    /** Whether to settle runs and claim others of this scope takes more than one statement. */
    boolean needsTransaction(ProjectScope scope, ConcurrencyLimits limits);

    /** Reads the columns of a depth: those that wait, since when, and the others. */
    static QueueDepth readDepth(ResultRow row) throws SQLException {
        return new QueueDepth(row.number(), row.optionalTime(), row.number());
    }

    /** A condition that lets the scope's projects through. */
    static String scopeCondition(ProjectScope scope) {
        if (isSingleProject(scope)) {
            return " and project_id = ?";
        }
        return scope instanceof ProjectScope.OnlyProjects ? " and project_id = any(?)" : "";
    }

    /** Whether the scope is one project; PostgreSQL plans that better than a list of one. */
    static boolean isSingleProject(ProjectScope scope) {
        return scope instanceof ProjectScope.OnlyProjects only && only.projects().size() == 1;
    }

    /** Binds the projects of {@link #scopeCondition}. */
    static SqlStatement bindScope(SqlStatement call, ProjectScope scope) throws SQLException {
        if (isSingleProject(scope)) {
            return call.project(((ProjectScope.OnlyProjects) scope).projects().iterator().next());
        }
        return scope instanceof ProjectScope.OnlyProjects only
                ? call.numbers(only.projects().stream().map(ProjectId::value).toList())
                : call;
    }
}
