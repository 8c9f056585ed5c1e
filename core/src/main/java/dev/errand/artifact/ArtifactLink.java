package dev.errand.artifact;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * A link from which an artifact can be read without credentials (docs/wire/artifacts.md#i6).
 *
 * @param url the absolute URL
 * @param expiresIn the validity of the link
 */
public record ArtifactLink(URI url, Duration expiresIn) {

    /** Requires that no component is null. */
    public ArtifactLink {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(expiresIn, "expiresIn");
    }

    /** Returns a text without the URL, which is a credential. */
    @Override
    public String toString() {
        return "ArtifactLink[url=hidden, expiresIn=" + expiresIn + "]";
    }
}
