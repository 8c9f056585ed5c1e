package dev.errand.jdbc;

import dev.errand.spi.JsonText;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A row of a query result, whose columns are read in the order of the statement. Not thread-safe.
 */
final class ResultRow {

    private final ResultSet results;
    private int column;

    ResultRow(ResultSet results) {
        this.results = results;
    }

    UUID id() throws SQLException {
        return results.getObject(++column, UUID.class);
    }

    Optional<UUID> optionalId() throws SQLException {
        return Optional.ofNullable(id());
    }

    Optional<List<UUID>> optionalIds() throws SQLException {
        Array ids = results.getArray(++column);
        return ids == null ? Optional.empty() : Optional.of(List.of((UUID[]) ids.getArray()));
    }

    String text() throws SQLException {
        return results.getString(++column);
    }

    Optional<String> optionalText() throws SQLException {
        return Optional.ofNullable(text());
    }

    Optional<JsonText> optionalJson() throws SQLException {
        return optionalText().map(JsonText::of);
    }

    long number() throws SQLException {
        return results.getLong(++column);
    }

    Optional<Long> optionalNumber() throws SQLException {
        long number = number();
        return results.wasNull() ? Optional.empty() : Optional.of(number);
    }

    boolean flag() throws SQLException {
        return results.getBoolean(++column);
    }

    Instant time() throws SQLException {
        return results.getObject(++column, OffsetDateTime.class).toInstant();
    }

    Optional<Instant> optionalTime() throws SQLException {
        return Optional.ofNullable(results.getObject(++column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    Optional<byte[]> optionalBytes() throws SQLException {
        return Optional.ofNullable(results.getBytes(++column));
    }

    /** Returns whether the next column is null, without reading it. */
    boolean isNextNull() throws SQLException {
        return results.getObject(column + 1) == null;
    }

    /** Skips columns. */
    ResultRow skip(int columns) {
        column += columns;
        return this;
    }

    /** Returns the elements of an array of ids; none if the column is null. */
    List<Optional<UUID>> ids(String name) throws SQLException {
        return elements(name, UUID.class);
    }

    String text(String name) throws SQLException {
        return results.getString(name);
    }

    Optional<String> optionalText(String name) throws SQLException {
        return Optional.ofNullable(text(name));
    }

    /** Returns the elements of an array of texts; none if the column is null. */
    List<Optional<String>> texts(String name) throws SQLException {
        return elements(name, String.class);
    }

    /** Returns the elements of an array of texts without nulls; empty if the column is null. */
    Optional<List<String>> optionalTexts(String name) throws SQLException {
        Array array = results.getArray(name);
        return Optional.ofNullable(array == null ? null : (Object[]) array.getArray())
                .map(texts -> Arrays.stream(texts).map(String.class::cast).toList());
    }

    /** Returns the number; 0 if the column is null. */
    long number(String name) throws SQLException {
        return results.getLong(name);
    }

    Optional<Long> optionalNumber(String name) throws SQLException {
        long number = number(name);
        return results.wasNull() ? Optional.empty() : Optional.of(number);
    }

    boolean flag(String name) throws SQLException {
        return results.getBoolean(name);
    }

    Optional<Instant> optionalTime(String name) throws SQLException {
        return Optional.ofNullable(results.getObject(name, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    private <T> List<Optional<T>> elements(String name, Class<T> type) throws SQLException {
        Array array = results.getArray(name);
        return array == null
                ? List.of()
                : Arrays.stream((Object[]) array.getArray())
                        .map(element -> Optional.ofNullable(type.cast(element)))
                        .toList();
    }
}
