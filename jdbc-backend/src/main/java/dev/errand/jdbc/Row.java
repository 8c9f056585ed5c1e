package dev.errand.jdbc;

import dev.errand.spi.JsonText;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One row of a result, read column by column in the order of the statement. Not thread-safe. */
final class Row {

    private final ResultSet results;
    private int column;

    Row(ResultSet results) {
        this.results = results;
    }

    UUID id() throws SQLException {
        return results.getObject(++column, UUID.class);
    }

    Optional<UUID> idOrNothing() throws SQLException {
        return Optional.ofNullable(id());
    }

    Optional<List<UUID>> idsOrNothing() throws SQLException {
        Array ids = results.getArray(++column);
        return ids == null ? Optional.empty() : Optional.of(List.of((UUID[]) ids.getArray()));
    }

    String text() throws SQLException {
        return results.getString(++column);
    }

    Optional<String> textOrNothing() throws SQLException {
        return Optional.ofNullable(text());
    }

    Optional<JsonText> jsonOrNothing() throws SQLException {
        return textOrNothing().map(JsonText::of);
    }

    long number() throws SQLException {
        return results.getLong(++column);
    }

    Optional<Long> numberOrNothing() throws SQLException {
        long number = number();
        return results.wasNull() ? Optional.empty() : Optional.of(number);
    }

    boolean flag() throws SQLException {
        return results.getBoolean(++column);
    }

    Instant time() throws SQLException {
        return results.getObject(++column, OffsetDateTime.class).toInstant();
    }

    Optional<Instant> timeOrNothing() throws SQLException {
        return Optional.ofNullable(results.getObject(++column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    Optional<byte[]> bytesOrNothing() throws SQLException {
        return Optional.ofNullable(results.getBytes(++column));
    }

    /** Whether the column that comes next has nothing; it is still to be read. */
    boolean isNextNothing() throws SQLException {
        return results.getObject(column + 1) == null;
    }

    /** Leaves so many columns out. */
    Row skip(int columns) {
        column += columns;
        return this;
    }
}
