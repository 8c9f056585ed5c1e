package dev.errand.internal.rules;

import dev.errand.spi.artifact.Artifact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Functions on the manifest of a run: the list of its artifacts (docs/wire/artifacts.md#a4, #i6).
 */
public final class Manifests {

    private Manifests() {}

    /** Finds the entry with this key, or else the entry with this id. */
    public static Optional<Artifact> find(List<Artifact> manifest, String id, String storagePath) {
        return find(manifest, storagePath)
                .or(() -> manifest.stream().filter(it -> it.id().value().equals(id)).findFirst());
    }

    /** Finds the entry with this key. */
    public static Optional<Artifact> find(List<Artifact> manifest, String storagePath) {
        return manifest.stream().filter(it -> it.storagePath().equals(storagePath)).findFirst();
    }

    /**
     * Returns the manifest with these entries appended, in order. An entry whose id or key the
     * manifest already has is skipped. Returns the same instance if nothing is appended.
     */
    public static List<Artifact> append(List<Artifact> manifest, List<Artifact> added) {
        List<Artifact> all = new ArrayList<>(manifest);
        for (Artifact each : added) {
            if (find(all, each.id().value(), each.storagePath()).isEmpty()) {
                all.add(each);
            }
        }
        return all.size() == manifest.size() ? manifest : List.copyOf(all);
    }
}
