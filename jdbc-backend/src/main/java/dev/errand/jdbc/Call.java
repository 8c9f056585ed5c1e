package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One statement and its parameters, bound in the order in which they are given. It is executed
 * once, or once a batch, and closes itself with that. Not thread-safe.
 */
final class Call implements Parameters<Call> {

    /** Reads one row; it is given in the middle of a result, and must not move on. */
    @FunctionalInterface
    interface Reader<T> {
        T read(Row row) throws SQLException;
    }

    private final Connection connection;
    private final PreparedStatement statement;
    private int index;

    Call(Connection connection, String sql, int timeoutInSeconds) throws SQLException {
        this.connection = connection;
        this.statement = connection.prepareStatement(sql);
        if (timeoutInSeconds > 0) {
            statement.setQueryTimeout(timeoutInSeconds);
        }
    }

    @Override
    public Call id(UUID id) throws SQLException {
        statement.setObject(++index, id);
        return this;
    }

    @Override
    public Call id(Optional<UUID> id) throws SQLException {
        return id.isPresent() ? id(id.get()) : nothing(Types.OTHER);
    }

    Call ids(Collection<UUID> ids) throws SQLException {
        return array("uuid", ids.toArray());
    }

    /** A value of which the statement says the type. */
    Call value(Object value) throws SQLException {
        if (value == null) {
            return nothing(Types.NULL);
        }
        statement.setObject(++index, value);
        return this;
    }

    Call array(String type, Object[] elements) throws SQLException {
        statement.setArray(++index, connection.createArrayOf(type, elements));
        return this;
    }

    @Override
    public Call text(String text) throws SQLException {
        statement.setString(++index, text);
        return this;
    }

    @Override
    public Call text(Optional<String> text) throws SQLException {
        return text.isPresent() ? text(text.get()) : nothing(Types.VARCHAR);
    }

    @Override
    public Call number(long number) throws SQLException {
        statement.setLong(++index, number);
        return this;
    }

    @Override
    public Call number(Optional<Long> number) throws SQLException {
        return number.isPresent() ? number(number.get()) : nothing(Types.BIGINT);
    }

    Call numbers(Collection<Long> numbers) throws SQLException {
        return array("bigint", numbers.toArray());
    }

    @Override
    public Call flag(boolean flag) throws SQLException {
        statement.setBoolean(++index, flag);
        return this;
    }

    @Override
    public Call time(Instant time) throws SQLException {
        statement.setObject(++index, time.atOffset(ZoneOffset.UTC));
        return this;
    }

    @Override
    public Call time(Optional<Instant> time) throws SQLException {
        return time.isPresent() ? time(time.get()) : nothing(Types.TIMESTAMP_WITH_TIMEZONE);
    }

    Call bytes(byte[] bytes) throws SQLException {
        statement.setBytes(++index, bytes);
        return this;
    }

    @Override
    public Call bytes(Optional<byte[]> bytes) throws SQLException {
        return bytes.isPresent() ? bytes(bytes.get()) : nothing(Types.BINARY);
    }

    private Call nothing(int type) throws SQLException {
        statement.setNull(++index, type);
        return this;
    }

    /** Ends one set of parameters; the next ones are another set for the same statement. */
    Call next() throws SQLException {
        statement.addBatch();
        index = 0;
        return this;
    }

    /** Executes the statement for every set of parameters that ended with {@link #next()}. */
    int[] executeAll() throws SQLException {
        try (statement) {
            return statement.executeBatch();
        }
    }

    /** Executes a statement that changes any number of rows, and tells how many. */
    int executeMany() throws SQLException {
        try (statement) {
            return statement.executeUpdate();
        }
    }

    /** Executes a statement that changes one row or none, and tells whether it did. */
    boolean execute() throws SQLException {
        return atMostOne(executeMany()) == 1;
    }

    /** Executes a query for one row or none. */
    <T> Optional<T> one(Reader<T> reader) throws SQLException {
        List<T> rows = list(reader);
        atMostOne(rows.size());
        return rows.stream().findFirst();
    }

    /**
     * Executes several statements, of which the last is a query for one row or none.
     *
     * @param before how many come before it; what they answer is passed by
     */
    <T> Optional<T> oneAfter(int before, Reader<T> reader) throws SQLException {
        try (statement) {
            statement.execute();
            for (int i = 0; i < before; i++) {
                statement.getMoreResults();
            }
            try (ResultSet results = statement.getResultSet()) {
                return results.next()
                        ? Optional.of(reader.read(new Row(results)))
                        : Optional.empty();
            }
        }
    }

    /** Executes a query for any number of rows, in their order. */
    <T> List<T> list(Reader<T> reader) throws SQLException {
        try (statement;
                ResultSet results = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (results.next()) {
                rows.add(reader.read(new Row(results)));
            }
            return rows;
        }
    }

    private static int atMostOne(int rows) {
        if (rows > 1) {
            throw new IllegalStateException(
                    "a statement about one row met " + rows + "; the tables are damaged");
        }
        return rows;
    }
}
