package dev.errand.artifact;

import dev.errand.spi.BackendException;
import dev.errand.spi.ProjectId;

/**
 * Deletes the objects of uploads that no run used in time, for object stores without lifecycle
 * rules (docs/wire/artifacts.md#h7). Objects in the manifest of a run, and objects whose
 * reservation has not expired, are never deleted. Implementations are thread-safe.
 */
public interface StagingCleaner {

    /**
     * Deletes the expired uploads of a project. A host calls this periodically.
     *
     * @return the number of expired uploads
     * @throws BackendException if the storage failed; objects that were not deleted remain in the
     *     object store
     */
    int sweep(ProjectId project);
}
