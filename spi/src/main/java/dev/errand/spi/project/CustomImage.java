package dev.errand.spi.project;

import java.util.Objects;
import java.util.UUID;

/**
 * An image for sandboxes that the host has built for a project (docs/wire/starting-runs.md#l6).
 *
 * @param id its id
 * @param status a word of the host for its state, which error texts contain
 * @param isReady whether sandboxes can be started from it
 */
public record CustomImage(UUID id, String status, boolean isReady) {

    /** Rejects null components. */
    public CustomImage {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(status, "status");
    }
}
