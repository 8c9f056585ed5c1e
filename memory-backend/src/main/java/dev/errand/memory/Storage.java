package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The data of all projects. Every port synchronizes on this object for the whole of each method, so
 * that its methods are atomic.
 */
final class Storage {

    final Clock clock;
    final DispatchQueue queue = new DispatchQueue();
    final Set<StoredObject> objectDeletions = new LinkedHashSet<>();
    private final Map<ProjectId, ProjectData> projects = new HashMap<>();

    Storage(Clock clock) {
        this.clock = clock;
    }

    /** Returns the data of all projects. */
    Map<ProjectId, ProjectData> projects() {
        return projects;
    }

    /** Finds the data of a project for reading; empty if nothing was written to it. */
    Optional<ProjectData> find(ProjectId project) {
        return Optional.ofNullable(projects.get(project));
    }

    /** Returns the data of a project for writing. */
    ProjectData getOrCreate(ProjectId project) {
        return projects.computeIfAbsent(project, id -> new ProjectData());
    }

    /** Updates a run as {@link dev.errand.spi.store.RunStore#update} says, regardless of keys. */
    RunUpdateResult update(ProjectId project, RunChange change) {
        Run before = change.before().run();
        Optional<RunData> found =
                find(project)
                        .flatMap(data -> data.findRun(before.task(), before.id()))
                        .filter(data -> before.project().equals(project));
        if (found.isEmpty()) {
            return new RunUpdateResult.NotFound();
        }
        RunData data = found.get();
        if (change.lease().isPresent() && !data.isHeldUnder(change.lease().get())) {
            return new RunUpdateResult.LeaseLost();
        }
        if (!data.matches(before)) {
            return new RunUpdateResult.Stale(data.stored);
        }
        queue.update(data, () -> data.update(change));
        return new RunUpdateResult.Updated(data.stored);
    }
}
