package dev.errand.jdbc;

import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.internal.UuidText;
import java.sql.SQLException;
import java.util.UUID;

/** How a finalised artifact stands in the row of its reservation. */
final class ArtifactColumns {

    /** What an artifact is read from, in the order of {@link #read}. */
    static final String READ =
            "id, name, type, source, size_in_bytes, content_type, storage_path, uploaded_at";

    private ArtifactColumns() {}

    static Artifact read(Row row) throws SQLException {
        return new Artifact(
                ArtifactId.of(row.id()),
                row.text(),
                Stored.wire(row.text(), ArtifactType::fromWire),
                row.text(),
                row.number(),
                row.text(),
                row.text(),
                row.time());
    }

    /** An id's digits as the uuid that they are. */
    static UUID uuid(ArtifactId id) {
        return UuidText.parseLenient(id.value()).orElseThrow();
    }
}
