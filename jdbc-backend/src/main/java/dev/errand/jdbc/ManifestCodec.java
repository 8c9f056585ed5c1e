package dev.errand.jdbc;

import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import java.util.List;
import java.util.Optional;

/**
 * Encodes a run's artifact manifest as one binary column of its row, so that a page of tasks with
 * their latest runs needs no further table. No query searches runs by artifact.
 */
final class ManifestCodec {

    private static final int FORMAT = 1;

    private ManifestCodec() {}

    static Optional<byte[]> encode(List<Artifact> artifacts) {
        if (artifacts.isEmpty()) {
            return Optional.empty();
        }
        BinaryWriter writer = new BinaryWriter(FORMAT);
        write(writer, artifacts);
        return Optional.of(writer.toBytes());
    }

    static List<Artifact> decode(byte[] payload) {
        return read(new BinaryReader(payload, FORMAT));
    }

    static void write(BinaryWriter writer, List<Artifact> artifacts) {
        writer.list(
                artifacts,
                artifact ->
                        writer.text(artifact.id().value())
                                .text(artifact.name())
                                .text(artifact.type().wire())
                                .text(artifact.source())
                                .number(artifact.sizeInBytes())
                                .text(artifact.contentType())
                                .text(artifact.storagePath())
                                .time(artifact.uploadedAt()));
    }

    static List<Artifact> read(BinaryReader reader) {
        return reader.list(
                () ->
                        new Artifact(
                                new ArtifactId(reader.text()),
                                reader.text(),
                                EnumText.parseWire(reader.text(), ArtifactType::fromWire),
                                reader.text(),
                                reader.number(),
                                reader.text(),
                                reader.text(),
                                reader.time()));
    }
}
