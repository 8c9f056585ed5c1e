package dev.errand.artifact;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * A link that reads an artifact without credentials (contract I6).
 *
 * @param url the absolute address
 * @param expiresIn how long it works
 */
public record ArtifactLink(URI url, Duration expiresIn) {

    /** Refuses null. */
    public ArtifactLink {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(expiresIn, "expiresIn");
    }

    /** Hides the address: whoever has it may read. */
    @Override
    public String toString() {
        return "ArtifactLink[url=hidden, expiresIn=" + expiresIn + "]";
    }
}
