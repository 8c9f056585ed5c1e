package dev.errand.jdbc;

import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import java.util.List;
import java.util.Optional;

/**
 * A run's manifest as one payload in its row, so that a page of tasks with their latest runs needs
 * no further table; nobody asks the database for runs by their artifacts.
 */
final class Manifest {

    private static final int FORMAT = 1;

    private Manifest() {}

    static Optional<byte[]> pack(List<Artifact> artifacts) {
        if (artifacts.isEmpty()) {
            return Optional.empty();
        }
        Packer packer = new Packer(FORMAT);
        write(packer, artifacts);
        return Optional.of(packer.toBytes());
    }

    static List<Artifact> unpack(byte[] payload) {
        return read(new Unpacker(payload, FORMAT));
    }

    static void write(Packer packer, List<Artifact> artifacts) {
        packer.list(
                artifacts,
                artifact ->
                        packer.text(artifact.id().value())
                                .text(artifact.name())
                                .text(artifact.type().wire())
                                .text(artifact.source())
                                .number(artifact.sizeInBytes())
                                .text(artifact.contentType())
                                .text(artifact.storagePath())
                                .time(artifact.uploadedAt()));
    }

    static List<Artifact> read(Unpacker unpacker) {
        return unpacker.list(
                () ->
                        new Artifact(
                                new ArtifactId(unpacker.text()),
                                unpacker.text(),
                                Stored.wire(unpacker.text(), ArtifactType::fromWire),
                                unpacker.text(),
                                unpacker.number(),
                                unpacker.text(),
                                unpacker.text(),
                                unpacker.time()));
    }
}
