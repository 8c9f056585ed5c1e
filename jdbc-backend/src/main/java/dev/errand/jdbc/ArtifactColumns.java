package dev.errand.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.internal.UuidText;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Maps artifacts to and from the columns of their reservation, and to and from the manifest of a
 * run: a JSON array of objects whose members have the names of these columns.
 */
final class ArtifactColumns {

    private ArtifactColumns() {}

    static Artifact read(Row row) throws SQLException {
        return new Artifact(
                ArtifactId.of(row.id("id")),
                row.text("name"),
                EnumText.parseWire(row.text("type"), ArtifactType::fromWire),
                row.text("source"),
                row.number("size_in_bytes"),
                row.text("content_type"),
                row.text("storage_path"),
                row.time("uploaded_at"),
                row.optionalJson("metadata"));
    }

    /** Reads a manifest. */
    static List<Artifact> readManifest(String json) throws SQLException {
        List<Artifact> artifacts = new ArrayList<>();
        for (JsonNode artifact : JsonRow.parse(json)) {
            artifacts.add(read(new JsonRow(artifact)));
        }
        return artifacts;
    }

    /** Returns the text of a manifest, or empty if there are no artifacts. */
    static Optional<String> toManifest(List<Artifact> artifacts) {
        return artifacts.isEmpty() ? Optional.empty() : Optional.of(toJson(artifacts).toString());
    }

    /** Returns a manifest. */
    static ArrayNode toJson(List<Artifact> artifacts) {
        ArrayNode manifest = JsonNodeFactory.instance.arrayNode();
        for (Artifact artifact : artifacts) {
            ObjectNode entry = manifest.addObject();
            // As text, because jsonb would change the order of members.
            artifact.metadata().ifPresent(metadata -> entry.put("metadata", metadata.text()));
            entry.put("id", artifact.id().value())
                    .put("name", artifact.name())
                    .put("type", artifact.type().wire())
                    .put("source", artifact.source())
                    .put("size_in_bytes", artifact.sizeInBytes())
                    .put("content_type", artifact.contentType())
                    .put("storage_path", artifact.storagePath())
                    .put("uploaded_at", artifact.uploadedAt().toString());
        }
        return manifest;
    }

    /** Returns the UUID of an artifact id. */
    static UUID uuid(ArtifactId id) {
        return UuidText.parseLenient(id.value()).orElseThrow();
    }
}
