package dev.errand.jdbc;

import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.internal.UuidText;
import java.sql.SQLException;
import java.util.UUID;

/** Maps finalised artifacts to and from the columns of their reservation. */
final class ArtifactColumns {

    /** The columns of an artifact, in the order of {@link #read}. */
    static final String COLUMNS =
            "id, name, type, source, size_in_bytes, content_type, storage_path, uploaded_at";

    private ArtifactColumns() {}

    static Artifact read(ResultRow row) throws SQLException {
        return new Artifact(
                ArtifactId.of(row.id()),
                row.text(),
                EnumText.parseWire(row.text(), ArtifactType::fromWire),
                row.text(),
                row.number(),
                row.text(),
                row.text(),
                row.time());
    }

    /** Returns the UUID of an artifact id. */
    static UUID uuid(ArtifactId id) {
        return UuidText.parseLenient(id.value()).orElseThrow();
    }
}
