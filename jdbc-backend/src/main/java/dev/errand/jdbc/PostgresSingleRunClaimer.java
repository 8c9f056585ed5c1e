package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Settlement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Claims or settles one run of one project with short statements, for a worker that processes one
 * run after another. The rules are those of {@link PostgresRunClaimer}.
 */
final class PostgresSingleRunClaimer {

    private final String claim;
    private final String settle;
    private final String settleAndClaim;

    PostgresSingleRunClaimer(Database database) {
        claim = database.sql(PostgresClaimSql.claimSingle());
        settle =
                database.sql(
                        "with "
                                + PostgresSettlementSql.singleSettlement()
                                + " select id from settled");
        settleAndClaim = database.sql(PostgresClaimSql.settleAndClaimSingle());
    }

    /**
     * The result of a settlement and a claim.
     *
     * @param settled the id of the run, or empty if it was not settled
     * @param claimed the claimed run, or empty if none was waiting
     */
    record SettleAndClaimRow(Set<UUID> settled, Optional<ClaimedRun> claimed) {}

    /** Returns whether the request is for one run of one project, without limits. */
    static boolean supports(ProjectScope scope, ClaimRequest request) {
        return request.max() == 1
                && request.limits().isUnlimited()
                && RunClaimer.isSingleProject(scope);
    }

    Optional<ClaimedRun> claim(
            SqlSession session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        Instant until = until(request, now);
        return bind(session.statement(claim), scope, request, until, now, Optional.empty())
                .findOne(row -> PostgresRunClaimer.claimed(row, request.owner(), until));
    }

    /** Returns the id of the run, or an empty set if it was not settled. */
    Set<UUID> settle(SqlSession session, List<Settlement> one) throws SQLException {
        return Set.copyOf(
                PostgresSettlementSql.bind(session.statement(settle), one).list(ResultRow::id));
    }

    SettleAndClaimRow settleAndClaim(
            SqlSession session,
            List<Settlement> one,
            ProjectScope scope,
            ClaimRequest request,
            Instant now)
            throws SQLException {
        Instant until = until(request, now);
        UUID settling = one.get(0).change().before().id().value();
        SqlStatement statement = PostgresSettlementSql.bind(session.statement(settleAndClaim), one);
        return bind(statement, scope, request, until, now, Optional.of(settling))
                .findOne(row -> readRow(row, request.owner(), until))
                .orElseThrow();
    }

    private static SettleAndClaimRow readRow(ResultRow row, String owner, Instant until)
            throws SQLException {
        Set<UUID> settled = row.optionalId().map(Set::of).orElse(Set.of());
        return new SettleAndClaimRow(
                settled,
                row.isNextNull()
                        ? Optional.empty()
                        : Optional.of(PostgresRunClaimer.claimed(row, owner, until)));
    }

    private static SqlStatement bind(
            SqlStatement statement,
            ProjectScope scope,
            ClaimRequest request,
            Instant until,
            Instant now,
            Optional<UUID> settling)
            throws SQLException {
        ProjectId project = ((ProjectScope.OnlyProjects) scope).projects().iterator().next();
        statement.text(request.owner()).time(until).project(project);
        statement.project(project).time(now);
        statement.project(project).time(now).time(now);
        if (settling.isPresent()) {
            statement.id(settling.get());
        }
        statement.project(project).time(now);
        return settling.isPresent() ? statement.id(settling.get()) : statement;
    }

    private static Instant until(ClaimRequest request, Instant now) {
        return Timestamps.truncate(now.plus(request.leaseFor()));
    }
}
