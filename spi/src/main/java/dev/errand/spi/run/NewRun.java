package dev.errand.spi.run;

import dev.errand.spi.artifact.ArtifactId;
import java.util.List;
import java.util.Objects;

/**
 * A run to be inserted.
 *
 * @param run its first version, with an empty manifest
 * @param consumes the ids of the staged artifacts that become its manifest, in this order, each
 *     once
 */
public record NewRun(Run run, List<ArtifactId> consumes) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the run is not at version 1
     */
    public NewRun {
        Objects.requireNonNull(run, "run");
        consumes = List.copyOf(consumes);
        if (run.version() != 1) {
            throw new IllegalArgumentException("a new run has version 1, not " + run.version());
        }
    }
}
