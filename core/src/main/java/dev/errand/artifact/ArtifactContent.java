package dev.errand.artifact;

import dev.errand.spi.artifact.Artifact;
import java.io.InputStream;
import java.util.Objects;

/**
 * An artifact with its bytes (contract I6).
 *
 * @param artifact the manifest's entry
 * @param bytes the content, to be closed by whoever reads it
 */
public record ArtifactContent(Artifact artifact, InputStream bytes) {

    /** Refuses null. */
    public ArtifactContent {
        Objects.requireNonNull(artifact, "artifact");
        Objects.requireNonNull(bytes, "bytes");
    }
}
