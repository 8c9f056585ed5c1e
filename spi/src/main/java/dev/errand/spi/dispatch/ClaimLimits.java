package dev.errand.spi.dispatch;

import dev.errand.spi.ProjectId;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How many runs may be executed at a time, by all nodes together.
 *
 * <p>A run {@linkplain Dispatch#hasPlace has a place} from the moment it is claimed until its lease
 * is given back or nothing is owed to it, and as long as its sandbox is launched. The places are
 * counted from the runs as they stand, in the step that claims. What has a place already, and what
 * is only to be stopped, needs no other one and is claimed whatever the limits.
 *
 * @param inAll how many in all projects of the storage, 0 or more; no limit where empty
 * @param perProject how many in each project, 0 or more; no limit where empty
 * @param ofProject what holds instead of {@code perProject} in these projects, 0 or more
 */
public record ClaimLimits(
        OptionalInt inAll, OptionalInt perProject, Map<ProjectId, Integer> ofProject) {

    /** As many as are claimed. */
    public static final ClaimLimits NONE =
            new ClaimLimits(OptionalInt.empty(), OptionalInt.empty(), Map.of());

    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException if a limit is negative
     */
    public ClaimLimits {
        Objects.requireNonNull(inAll, "inAll");
        Objects.requireNonNull(perProject, "perProject");
        ofProject = Map.copyOf(ofProject);
        inAll.ifPresent(limit -> requireLimit("inAll", limit));
        perProject.ifPresent(limit -> requireLimit("perProject", limit));
        ofProject.forEach((project, limit) -> requireLimit("limit of project " + project, limit));
    }

    private static void requireLimit(String name, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException(name + " must be 0 or more, not " + limit);
        }
    }

    /** These limits with this one on all projects together. */
    public ClaimLimits withInAll(int changed) {
        return new ClaimLimits(OptionalInt.of(changed), perProject, ofProject);
    }

    /** These limits with this one on each project that has none of its own. */
    public ClaimLimits withPerProject(int changed) {
        return new ClaimLimits(inAll, OptionalInt.of(changed), ofProject);
    }

    /** These limits with these ones of single projects. */
    public ClaimLimits withOfProject(Map<ProjectId, Integer> changed) {
        return new ClaimLimits(inAll, perProject, changed);
    }

    /** Whether nothing is limited. */
    public boolean areNone() {
        return inAll.isEmpty() && perProject.isEmpty() && ofProject.isEmpty();
    }

    /** How many in one project; {@link Integer#MAX_VALUE} where there is no limit. */
    public int of(ProjectId project) {
        Integer own = ofProject.get(project);
        return own != null ? own : perProject.orElse(Integer.MAX_VALUE);
    }
}
