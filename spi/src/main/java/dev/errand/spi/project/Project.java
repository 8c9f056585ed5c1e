package dev.errand.spi.project;

import dev.errand.spi.ProjectId;
import java.util.Objects;

/**
 * A project of the host.
 *
 * @param id its id
 * @param name its current name; slugs are derived from it on every read (docs/wire/tasks.md#a7)
 */
public record Project(ProjectId id, String name) {

    /** Rejects null components. */
    public Project {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
    }
}
