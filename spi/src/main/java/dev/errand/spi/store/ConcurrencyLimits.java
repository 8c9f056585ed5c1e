package dev.errand.spi.store;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.QueueEntry;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Limits on the number of runs that all nodes together dispatch at the same time.
 *
 * <p>A run {@linkplain QueueEntry#countsAgainstLimit counts} from the launch of its sandbox until
 * it needs no dispatcher action any more. Before the launch, it counts while it has an unreleased
 * lease, live or expired. The counts are taken in the transaction of the claim. Runs that count or
 * only need stopping bypass the limits.
 *
 * @param total limit on all projects together, 0 or more; unlimited if empty
 * @param perProject limit on each project, 0 or more; unlimited if empty
 * @param projectOverrides limits that replace {@code perProject} for single projects, 0 or more
 */
public record ConcurrencyLimits(
        OptionalInt total, OptionalInt perProject, Map<ProjectId, Integer> projectOverrides) {

    /** No limits. */
    public static final ConcurrencyLimits NONE =
            new ConcurrencyLimits(OptionalInt.empty(), OptionalInt.empty(), Map.of());

    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException if a limit is negative
     */
    public ConcurrencyLimits {
        Objects.requireNonNull(total, "total");
        Objects.requireNonNull(perProject, "perProject");
        projectOverrides = Map.copyOf(projectOverrides);
        total.ifPresent(limit -> requireLimit("total", limit));
        perProject.ifPresent(limit -> requireLimit("perProject", limit));
        projectOverrides.forEach(
                (project, limit) -> requireLimit("limit of project " + project, limit));
    }

    private static void requireLimit(String name, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException(name + " must be 0 or more, not " + limit);
        }
    }

    /** Returns a copy with the given limit on all projects together. */
    public ConcurrencyLimits withTotal(int changed) {
        return new ConcurrencyLimits(OptionalInt.of(changed), perProject, projectOverrides);
    }

    /** Returns a copy with the given limit on each project. */
    public ConcurrencyLimits withPerProject(int changed) {
        return new ConcurrencyLimits(total, OptionalInt.of(changed), projectOverrides);
    }

    /** Returns a copy with the given limits on single projects. */
    public ConcurrencyLimits withProjectOverrides(Map<ProjectId, Integer> changed) {
        return new ConcurrencyLimits(total, perProject, changed);
    }

    /** Whether nothing is limited. */
    public boolean isUnlimited() {
        return total.isEmpty() && perProject.isEmpty() && projectOverrides.isEmpty();
    }

    /** Returns the limit on a project; {@link Integer#MAX_VALUE} if it is unlimited. */
    public int forProject(ProjectId project) {
        Integer own = projectOverrides.get(project);
        return own != null ? own : perProject.orElse(Integer.MAX_VALUE);
    }
}
