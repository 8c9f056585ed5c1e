package dev.errand.internal.rules;

import dev.errand.spi.artifact.Artifact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run's manifest becomes: pure functions on its entries (contract A4, I6). */
public final class Manifests {

    private Manifests() {}

    /** The entry with this key, else the one with this id; clients pair by the key. */
    public static Optional<Artifact> find(List<Artifact> manifest, String id, String storagePath) {
        return find(manifest, storagePath)
                .or(() -> manifest.stream().filter(it -> it.id().value().equals(id)).findFirst());
    }

    /** The entry with this key. */
    public static Optional<Artifact> find(List<Artifact> manifest, String storagePath) {
        return manifest.stream().filter(it -> it.storagePath().equals(storagePath)).findFirst();
    }

    /**
     * The manifest with these entries behind its own, in order; one whose id or key is there
     * already is not added again. The list itself where none is added.
     */
    public static List<Artifact> with(List<Artifact> manifest, List<Artifact> added) {
        List<Artifact> all = new ArrayList<>(manifest);
        for (Artifact each : added) {
            if (find(all, each.id().value(), each.storagePath()).isEmpty()) {
                all.add(each);
            }
        }
        return all.size() == manifest.size() ? manifest : List.copyOf(all);
    }
}
