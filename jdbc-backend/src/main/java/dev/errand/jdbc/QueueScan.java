package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A read of the whole queue on PostgreSQL. It finds what the marks of a node do not show: runs of
 * other nodes that were started before and have no live lease, and waiting runs that were committed
 * long after their due times. It changes and locks nothing.
 */
final class QueueScan {

    private static final String SCAN =
            """
            select project_id, priority,
                min(due_at) filter (
                    where phase = 'waiting' and stop_reason is null and lease_until is null)
                    as first_due,
                (array_agg(run_id) filter (
                    where due_at <= ?
                        and (lease_until <= ?
                            or lease_until is null
                                and (phase = 'launched' or stop_reason is not null))))[1:1000]
                    as started,
                count(*) filter (where phase = 'launched' or lease_owner is not null) as counted
            from errand_queue
            group by project_id, priority""";

    private QueueScan() {}

    /**
     * The state of a lane.
     *
     * @param firstDue the earliest due time of its waiting runs, which may be in the future
     * @param counted the number of its runs that count against concurrency limits
     */
    record LaneState(QueueMarks.Lane lane, Optional<Instant> firstDue, long counted) {

        private boolean hasDueRun(Instant now) {
            return firstDue.filter(due -> !due.isAfter(now)).isPresent();
        }
    }

    /**
     * The result of a scan.
     *
     * @param started claimable runs that were started before, at most 1,000 of each lane
     */
    record Result(List<LaneState> lanes, List<QueueMarks.RunKey> started) {

        static final Result EMPTY = new Result(List.of(), List.of());

        /** Returns the starting point of a claim that relies on this scan only. */
        QueueMarks.Start start(ProjectScope scope, Instant now) {
            Map<QueueMarks.RunKey, Long> candidates = new HashMap<>();
            for (QueueMarks.RunKey run : started) {
                if (scope.includes(run.project())) {
                    candidates.put(run, 0L);
                }
            }
            List<QueueMarks.LaneStart> due =
                    lanes.stream()
                            .filter(state -> scope.includes(state.lane().project()))
                            .filter(state -> state.hasDueRun(now))
                            .map(
                                    state ->
                                            new QueueMarks.LaneStart(
                                                    state.lane(), state.firstDue().orElseThrow()))
                            .toList();
            return new QueueMarks.Start(due, candidates, 0);
        }

        /** Whether a run of the scope is claimable. */
        boolean hasClaimable(ProjectScope scope, Instant now) {
            return started.stream().anyMatch(run -> scope.includes(run.project()))
                    || lanes.stream()
                            .anyMatch(
                                    state ->
                                            scope.includes(state.lane().project())
                                                    && state.hasDueRun(now));
        }
    }

    static Result scan(SqlSession session, Instant now) throws SQLException {
        List<QueueMarks.RunKey> started = new ArrayList<>();
        List<LaneState> lanes =
                session.statement(SCAN)
                        .time(now)
                        .time(now)
                        .list(
                                row -> {
                                    ProjectId project = ProjectId.of(row.number("project_id"));
                                    for (UUID run : row.optionalIds("started").orElse(List.of())) {
                                        started.add(new QueueMarks.RunKey(project, RunId.of(run)));
                                    }
                                    return new LaneState(
                                            new QueueMarks.Lane(project, row.integer("priority")),
                                            row.optionalTime("first_due"),
                                            row.number("counted"));
                                });
        return new Result(lanes, started);
    }
}
