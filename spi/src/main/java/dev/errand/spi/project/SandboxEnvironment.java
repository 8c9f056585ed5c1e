package dev.errand.spi.project;

import dev.errand.spi.UserId;
import dev.errand.spi.dispatch.NetworkAccess;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A prepared environment for sandboxes, managed by the host (contract E12).
 *
 * @param id its id
 * @param isPrivate whether only its creator's tasks may use it
 * @param createdBy its creator
 * @param networkAccess what its sandboxes may reach; empty where the host does not say
 */
public record SandboxEnvironment(
        UUID id,
        boolean isPrivate,
        Optional<UserId> createdBy,
        Optional<NetworkAccess> networkAccess) {

    /** Refuses null. */
    public SandboxEnvironment {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(createdBy, "createdBy");
        Objects.requireNonNull(networkAccess, "networkAccess");
    }
}
