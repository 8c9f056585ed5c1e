package dev.errand.spi.run;

import dev.errand.spi.JsonText;
import java.util.Objects;

/**
 * A request of an agent for a permission that a person must give
 * (docs/wire/clients.md#other-scenarios). The agent wrote it, so nothing in it can be trusted.
 *
 * @param id identifies the request; an answer names it
 * @param details the request as the agent logged it: a JSON object, usually with the possible
 *     answers as {@code options} and the action as {@code toolCall}
 */
public record PermissionRequest(String id, JsonText details) {

    /** Rejects null components. */
    public PermissionRequest {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(details, "details");
    }
}
