package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.ConcurrencyLimits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How many runs have a place, counted from the runs for one claim. Not thread-safe. */
final class Places {

    private final ConcurrencyLimits limits;
    private final Map<ProjectId, Integer> taken = new HashMap<>();
    private int takenInAll;

    private Places(ConcurrencyLimits limits) {
        this.limits = limits;
    }

    /** The places as they are taken now; nobody looks where nothing is limited. */
    static Places count(ConcurrencyLimits limits, Leases leases, Set<WaitingRuns> waiting) {
        Places places = new Places(limits);
        if (!limits.areNone()) {
            Set<RunCell> cells = new HashSet<>();
            // In this order: what moves from there to the leases meanwhile is met again.
            for (WaitingRuns queue : waiting) {
                queue.needingNoPlace().stream()
                        .filter(cell -> cell.stand().countsAgainstLimit())
                        .forEach(cells::add);
            }
            leases.withPlace().forEach(cells::add);
            cells.forEach(cell -> places.take(cell.run().project()));
        }
        return places;
    }

    /** Whether one more run of the project may be executed. */
    boolean isRoom(ProjectId project) {
        return limits.areNone()
                || takenInAll < limits.total().orElse(Integer.MAX_VALUE)
                        && taken.getOrDefault(project, 0) < limits.of(project);
    }

    /** Takes a place for a run of the project. */
    void take(ProjectId project) {
        if (!limits.areNone()) {
            taken.merge(project, 1, Integer::sum);
            takenInAll++;
        }
    }
}
