package dev.errand.artifact;

import dev.errand.spi.artifact.Artifact;
import java.io.InputStream;
import java.util.Objects;

/**
 * An artifact and its content (docs/wire/artifacts.md#i6).
 *
 * @param artifact the manifest entry
 * @param bytes the content, which the reader closes
 */
public record ArtifactContent(Artifact artifact, InputStream bytes) {

    /** Requires that no component is null. */
    public ArtifactContent {
        Objects.requireNonNull(artifact, "artifact");
        Objects.requireNonNull(bytes, "bytes");
    }
}
