package dev.errand.spi.dispatch;

import dev.errand.spi.ProjectId;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How many runs may be executed at a time, by all nodes together.
 *
 * <p>A run {@linkplain DispatchState#countsAgainstLimit has a place} from the moment it is claimed
 * until its lease is given back or nothing is owed to it, and as long as its sandbox is launched.
 * The places are counted from the runs as they stand, in the step that claims. What has a place
 * already, and what is only to be stopped, needs no other one and is claimed whatever the limits.
 *
 * @param total how many in all projects of the storage, 0 or more; no limit where empty
 * @param perProject how many in each project, 0 or more; no limit where empty
 * @param projectOverrides what holds instead of {@code perProject} in these projects, 0 or more
 */
public record ConcurrencyLimits(
        OptionalInt total, OptionalInt perProject, Map<ProjectId, Integer> projectOverrides) {

    /** As many as are claimed. */
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

    /** These limits with this one on all projects together. */
    public ConcurrencyLimits withTotal(int changed) {
        return new ConcurrencyLimits(OptionalInt.of(changed), perProject, projectOverrides);
    }

    /** These limits with this one on each project that has none of its own. */
    public ConcurrencyLimits withPerProject(int changed) {
        return new ConcurrencyLimits(total, OptionalInt.of(changed), projectOverrides);
    }

    /** These limits with these ones of single projects. */
    public ConcurrencyLimits withProjectOverrides(Map<ProjectId, Integer> changed) {
        return new ConcurrencyLimits(total, perProject, changed);
    }

    /** Whether nothing is limited. */
    public boolean areNone() {
        return total.isEmpty() && perProject.isEmpty() && projectOverrides.isEmpty();
    }

    /** How many in one project; {@link Integer#MAX_VALUE} where there is no limit. */
    public int of(ProjectId project) {
        Integer own = projectOverrides.get(project);
        return own != null ? own : perProject.orElse(Integer.MAX_VALUE);
    }
}
