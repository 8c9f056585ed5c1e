package dev.errand.artifact;

import dev.errand.spi.ProjectId;

/**
 * Deletes the objects of uploads that no run consumed in time, for object stores without life-cycle
 * rules (contract H7). What a manifest or a live reservation names is never deleted. A host calls
 * it now and then. Thread-safe.
 */
public interface StagingCleaner {

    /**
     * Deletes what expired in a project.
     *
     * @return how many uploads were given up
     * @throws dev.errand.spi.BackendException if storage fails; what was named and not deleted
     *     stays behind as an object
     */
    int sweep(ProjectId project);
}
