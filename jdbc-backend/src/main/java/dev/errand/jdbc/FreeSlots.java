package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.store.ConcurrencyLimits;
import java.util.HashMap;
import java.util.Map;

/** The number of waiting runs that may be claimed under concurrency limits. Not thread-safe. */
record FreeSlots(ConcurrencyLimits limits, Map<ProjectId, Long> counted) {

    static FreeSlots unlimited() {
        return new FreeSlots(ConcurrencyLimits.NONE, new HashMap<>());
    }

    static FreeSlots of(ConcurrencyLimits limits, QueueScan.Result scan) {
        Map<ProjectId, Long> counted = new HashMap<>();
        scan.lanes()
                .forEach(
                        state -> counted.merge(state.lane().project(), state.counted(), Long::sum));
        return new FreeSlots(limits, counted);
    }

    long inAll() {
        long used = counted.values().stream().mapToLong(Long::longValue).sum();
        return Math.max(0, limits.total().orElse(Integer.MAX_VALUE) - used);
    }

    long of(ProjectId project) {
        return Math.max(0, limits.forProject(project) - counted.getOrDefault(project, 0L));
    }

    void take(ProjectId project) {
        counted.merge(project, 1L, Long::sum);
    }
}
