package dev.errand.jdbc;

import dev.errand.spi.JsonText;
import dev.errand.spi.PortException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Values by column name: a row of a query result ({@link ResultRow}) or a stored JSON object with
 * the same names ({@link JsonRow}). Not thread-safe.
 */
interface Row {

    /** Returns the UUID in a column, or empty if it is null. */
    Optional<UUID> optionalId(String column) throws SQLException;

    /** Returns the text in a column, or empty if it is null. */
    Optional<String> optionalText(String column) throws SQLException;

    /** Returns the number in a column, or empty if it is null. */
    Optional<Long> optionalNumber(String column) throws SQLException;

    /** Returns the time in a column, or empty if it is null. */
    Optional<Instant> optionalTime(String column) throws SQLException;

    /** Returns the boolean in a column, or false if it is null. */
    boolean flag(String column) throws SQLException;

    default UUID id(String column) throws SQLException {
        return require(column, optionalId(column));
    }

    default String text(String column) throws SQLException {
        return require(column, optionalText(column));
    }

    default Optional<JsonText> optionalJson(String column) throws SQLException {
        return optionalText(column).map(JsonText::of);
    }

    default long number(String column) throws SQLException {
        return require(column, optionalNumber(column));
    }

    default int integer(String column) throws SQLException {
        return Math.toIntExact(number(column));
    }

    default Instant time(String column) throws SQLException {
        return require(column, optionalTime(column));
    }

    private static <T> T require(String column, Optional<T> value) {
        return value.orElseThrow(
                () ->
                        PortException.permanent(
                                "JdbcBackend", "the stored value of '" + column + "' is missing"));
    }
}
