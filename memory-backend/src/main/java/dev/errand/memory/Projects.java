package dev.errand.memory;

import dev.errand.spi.ProjectId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What each project has, and which projects have runs waiting. */
final class Projects {

    private final ConcurrentMap<ProjectId, ProjectMemory> byId = new ConcurrentHashMap<>();
    private final Set<WaitingRuns> withWaitingRuns = ConcurrentHashMap.newKeySet();

    /** What the project has, if anything was ever written to it. A question leaves no trace. */
    Optional<ProjectMemory> find(ProjectId project) {
        return Optional.ofNullable(byId.get(project));
    }

    /** What the project has, to write to it. */
    ProjectMemory get(ProjectId project) {
        ProjectMemory known = byId.get(project);
        return known != null
                ? known
                : byId.computeIfAbsent(project, id -> new ProjectMemory(id, withWaitingRuns));
    }

    /** The queues that are not empty, and perhaps some that have just become so. */
    Set<WaitingRuns> withWaitingRuns() {
        return withWaitingRuns;
    }
}
