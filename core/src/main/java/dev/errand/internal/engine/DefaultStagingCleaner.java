package dev.errand.internal.engine;

import dev.errand.artifact.StagingCleaner;
import dev.errand.internal.rules.ObjectPaths;
import dev.errand.spi.ProjectId;
import java.util.Collection;

/** The default implementation of {@link StagingCleaner}. */
public final class DefaultStagingCleaner implements StagingCleaner {

    private static final int BATCH = 500;

    private final Engine engine;

    /** Creates the cleaner of an engine. */
    public DefaultStagingCleaner(Engine engine) {
        this.engine = engine;
    }

    @Override
    public int sweep(ProjectId project) {
        int removed = 0;
        Collection<String> keys;
        do {
            keys = engine.backend().staging().removeExpired(project, engine.now(), BATCH);
            keys.stream()
                    .filter(key -> !isInManifest(project, key))
                    .forEach(key -> engine.objects().delete(project, key));
            removed += keys.size();
        } while (keys.size() == BATCH);
        return removed;
    }

    /** The reservation of an upload to a run expires even if the run uses the object. */
    private boolean isInManifest(ProjectId project, String key) {
        return ObjectPaths.ownerOf(key)
                .flatMap(
                        owner ->
                                engine.backend()
                                        .runs()
                                        .findIncludingDeleted(project, owner.task(), owner.run()))
                .map(
                        stored ->
                                stored.run().artifacts().stream()
                                        .anyMatch(it -> it.storagePath().equals(key)))
                .orElse(false);
    }
}
