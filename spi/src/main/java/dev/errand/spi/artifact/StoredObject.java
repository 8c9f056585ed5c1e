package dev.errand.spi.artifact;

import dev.errand.spi.ProjectId;
import java.util.Objects;

/**
 * Names an object in an {@link ObjectStore}.
 *
 * @param project the project of the object
 * @param key its key
 */
public record StoredObject(ProjectId project, String key) {

    /** Rejects null components. */
    public StoredObject {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(key, "key");
    }
}
