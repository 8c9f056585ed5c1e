package dev.errand.jdbc;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A row of a query result, whose columns are read by name. Not thread-safe. */
final class ResultRow implements Row {

    private final ResultSet results;
    private final String prefix;

    ResultRow(ResultSet results) {
        this(results, "");
    }

    private ResultRow(ResultSet results, String prefix) {
        this.results = results;
        this.prefix = prefix;
    }

    /** Returns this row with column names to which the given prefix is added. */
    ResultRow prefixed(String added) {
        return new ResultRow(results, added);
    }

    @Override
    public Optional<UUID> optionalId(String column) throws SQLException {
        return Optional.ofNullable(results.getObject(prefix + column, UUID.class));
    }

    /** Returns the UUIDs of an array, or empty if it is null. */
    Optional<List<UUID>> optionalIds(String column) throws SQLException {
        Array ids = results.getArray(prefix + column);
        return ids == null ? Optional.empty() : Optional.of(List.of((UUID[]) ids.getArray()));
    }

    @Override
    public Optional<String> optionalText(String column) throws SQLException {
        return Optional.ofNullable(results.getString(prefix + column));
    }

    @Override
    public Optional<Long> optionalNumber(String column) throws SQLException {
        long number = results.getLong(prefix + column);
        return results.wasNull() ? Optional.empty() : Optional.of(number);
    }

    @Override
    public boolean flag(String column) throws SQLException {
        return results.getBoolean(prefix + column);
    }

    @Override
    public Optional<Instant> optionalTime(String column) throws SQLException {
        return Optional.ofNullable(results.getObject(prefix + column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    byte[] bytes(String column) throws SQLException {
        return results.getBytes(prefix + column);
    }

    /** Returns the elements of an array of ids; none if the column is null. */
    List<Optional<UUID>> ids(String column) throws SQLException {
        return elements(column, UUID.class);
    }

    /** Returns the elements of an array of texts; none if the column is null. */
    List<Optional<String>> texts(String column) throws SQLException {
        return elements(column, String.class);
    }

    /** Returns the elements of an array of texts without nulls; empty if the column is null. */
    Optional<List<String>> optionalTexts(String column) throws SQLException {
        Array array = results.getArray(prefix + column);
        return Optional.ofNullable(array == null ? null : (Object[]) array.getArray())
                .map(texts -> Arrays.stream(texts).map(String.class::cast).toList());
    }

    private <T> List<Optional<T>> elements(String column, Class<T> type) throws SQLException {
        Array array = results.getArray(prefix + column);
        return array == null
                ? List.of()
                : Arrays.stream((Object[]) array.getArray())
                        .map(element -> Optional.ofNullable(type.cast(element)))
                        .toList();
    }
}
