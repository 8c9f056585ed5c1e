package dev.errand.artifact;

import dev.errand.engine.Engine;
import dev.errand.spi.ProjectId;
import java.util.Collection;

/**
 * Deletes the objects of uploads that no run consumed in time, for object stores without life-cycle
 * rules (contract H7). What a manifest or a live reservation names is never deleted. A host calls
 * it now and then. Thread-safe.
 */
public final class StagingCleaner {

    private static final int BATCH = 500;

    private final Engine engine;

    /** Made by {@link dev.errand.Errand#sweeper}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public StagingCleaner(Engine engine) {
        this.engine = engine;
    }

    /**
     * Deletes what expired in a project.
     *
     * @return how many uploads were given up
     * @throws dev.errand.spi.BackendException if storage fails; what was named and not deleted
     *     stays behind as an object
     */
    public int sweep(ProjectId project) {
        int swept = 0;
        Collection<String> keys;
        do {
            keys = engine.backend().staging().removeExpired(project, engine.now(), BATCH);
            keys.stream()
                    .filter(key -> !isInManifest(project, key))
                    .forEach(key -> engine.objects().delete(project, key));
            swept += keys.size();
        } while (keys.size() == BATCH);
        return swept;
    }

    /** A key that was kept for an upload to a run expires also where the upload was used. */
    private boolean isInManifest(ProjectId project, String key) {
        return ObjectPaths.ownerOf(key)
                .flatMap(owner -> engine.backend().runs().find(project, owner.task(), owner.run()))
                .map(run -> run.artifacts().stream().anyMatch(it -> it.storagePath().equals(key)))
                .orElse(false);
    }
}
