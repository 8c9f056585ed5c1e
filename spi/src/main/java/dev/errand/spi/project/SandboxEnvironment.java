package dev.errand.spi.project;

import dev.errand.spi.UserId;
import dev.errand.spi.sandbox.NetworkAccess;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A prepared environment for sandboxes, managed by the host (docs/wire/starting-runs.md#e12).
 *
 * @param id its id
 * @param isPrivate whether only tasks of its creator may use it
 * @param createdBy its creator
 * @param networkAccess the network access of its sandboxes; empty if the host does not specify it
 */
public record SandboxEnvironment(
        UUID id,
        boolean isPrivate,
        Optional<UserId> createdBy,
        Optional<NetworkAccess> networkAccess) {

    /** Rejects null components. */
    public SandboxEnvironment {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(createdBy, "createdBy");
        Objects.requireNonNull(networkAccess, "networkAccess");
    }
}
