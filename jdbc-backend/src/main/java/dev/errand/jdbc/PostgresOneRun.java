package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Timestamps;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.Settlement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Claims one run of one project, and settles one: what a worker does that takes one after the
 * other. The rules are those of {@link PostgresClaims}; the statements are short.
 */
final class PostgresOneRun {

    private final String claim;
    private final String settle;
    private final String settleAndClaim;

    PostgresOneRun(Database database) {
        claim = database.sql(PostgresClaimTexts.claimOne());
        settle =
                database.sql(
                        "with " + PostgresSettlements.tablesOfOne() + " select id from settled");
        settleAndClaim = database.sql(PostgresClaimTexts.settleAndClaimOne());
    }

    /**
     * What came of a settlement and a claim.
     *
     * @param settled the run's id, if it was settled
     * @param claimed another run, if one waited
     */
    record Turn(Set<UUID> settled, Optional<ClaimedRun> claimed) {}

    /** Whether one run of one project is asked for, without limits. */
    static boolean isAsked(ProjectScope scope, ClaimRequest request) {
        return request.max() == 1 && request.limits().areNone() && RunClaims.isOne(scope);
    }

    Optional<ClaimedRun> claim(
            Session session, ProjectScope scope, ClaimRequest request, Instant now)
            throws SQLException {
        Instant until = until(request, now);
        return bind(session.call(claim), scope, request, until, now, Optional.empty())
                .one(row -> PostgresClaims.claimed(row, request.owner(), until));
    }

    /** The ids of what was settled of the one settlement. */
    Set<UUID> settle(Session session, List<Settlement> one) throws SQLException {
        return Set.copyOf(PostgresSettlements.bind(session.call(settle), one).list(Row::id));
    }

    Turn settleAndClaim(
            Session session,
            List<Settlement> one,
            ProjectScope scope,
            ClaimRequest request,
            Instant now)
            throws SQLException {
        Instant until = until(request, now);
        UUID settling = one.get(0).change().before().id().value();
        Call call = PostgresSettlements.bind(session.call(settleAndClaim), one);
        return bind(call, scope, request, until, now, Optional.of(settling))
                .one(row -> turn(row, request.owner(), until))
                .orElseThrow();
    }

    private static Turn turn(Row row, String owner, Instant until) throws SQLException {
        Set<UUID> settled = row.idOrNothing().map(Set::of).orElse(Set.of());
        return new Turn(
                settled,
                row.isNextNothing()
                        ? Optional.empty()
                        : Optional.of(PostgresClaims.claimed(row, owner, until)));
    }

    private static Call bind(
            Call call,
            ProjectScope scope,
            ClaimRequest request,
            Instant until,
            Instant now,
            Optional<UUID> settling)
            throws SQLException {
        ProjectId project = ((ProjectScope.OnlyProjects) scope).projects().iterator().next();
        call.text(request.owner()).time(until).project(project);
        call.project(project).time(now);
        call.project(project).time(now).time(now);
        if (settling.isPresent()) {
            call.id(settling.get());
        }
        call.project(project).time(now);
        return settling.isPresent() ? call.id(settling.get()) : call;
    }

    private static Instant until(ClaimRequest request, Instant now) {
        return Timestamps.truncate(now.plus(request.leaseFor()));
    }
}
