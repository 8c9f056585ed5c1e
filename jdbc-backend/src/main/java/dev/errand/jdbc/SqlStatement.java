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
import org.jspecify.annotations.Nullable;

/**
 * A prepared statement whose parameters are bound in order. It is executed once, or once as a
 * batch, and is then closed. Not thread-safe.
 */
final class SqlStatement implements ParameterBinder<SqlStatement> {

    /** Maps the current row of a result. It must not advance the result. */
    @FunctionalInterface
    interface RowMapper<T> {
        T map(ResultRow row) throws SQLException;
    }

    private final Connection connection;
    private final PreparedStatement statement;
    private int index;

    SqlStatement(Connection connection, String sql, int timeoutInSeconds) throws SQLException {
        this.connection = connection;
        this.statement = connection.prepareStatement(sql);
        if (timeoutInSeconds > 0) {
            statement.setQueryTimeout(timeoutInSeconds);
        }
    }

    @Override
    public SqlStatement id(UUID id) throws SQLException {
        statement.setObject(++index, id);
        return this;
    }

    @Override
    public SqlStatement id(Optional<UUID> id) throws SQLException {
        return id.isPresent() ? id(id.get()) : setNull(Types.OTHER);
    }

    SqlStatement ids(Collection<? extends @Nullable UUID> ids) throws SQLException {
        return array("uuid", ids.toArray());
    }

    SqlStatement texts(Collection<? extends @Nullable String> texts) throws SQLException {
        return array("text", texts.toArray());
    }

    SqlStatement texts(Optional<List<String>> texts) throws SQLException {
        return texts.isPresent() ? texts(texts.get()) : setNull(Types.ARRAY);
    }

    /** Binds a value whose type follows from the statement. */
    SqlStatement value(@Nullable Object value) throws SQLException {
        if (value == null) {
            return setNull(Types.NULL);
        }
        statement.setObject(++index, value);
        return this;
    }

    SqlStatement array(String type, Object[] elements) throws SQLException {
        statement.setArray(++index, connection.createArrayOf(type, elements));
        return this;
    }

    @Override
    public SqlStatement text(String text) throws SQLException {
        statement.setString(++index, text);
        return this;
    }

    @Override
    public SqlStatement text(Optional<String> text) throws SQLException {
        return text.isPresent() ? text(text.get()) : setNull(Types.VARCHAR);
    }

    @Override
    public SqlStatement number(long number) throws SQLException {
        statement.setLong(++index, number);
        return this;
    }

    @Override
    public SqlStatement number(Optional<Long> number) throws SQLException {
        return number.isPresent() ? number(number.get()) : setNull(Types.BIGINT);
    }

    SqlStatement numbers(Collection<Long> numbers) throws SQLException {
        return array("bigint", numbers.toArray());
    }

    @Override
    public SqlStatement flag(boolean flag) throws SQLException {
        statement.setBoolean(++index, flag);
        return this;
    }

    @Override
    public SqlStatement time(Instant time) throws SQLException {
        statement.setObject(++index, time.atOffset(ZoneOffset.UTC));
        return this;
    }

    @Override
    public SqlStatement time(Optional<Instant> time) throws SQLException {
        return time.isPresent() ? time(time.get()) : setNull(Types.TIMESTAMP_WITH_TIMEZONE);
    }

    SqlStatement bytes(byte[] bytes) throws SQLException {
        statement.setBytes(++index, bytes);
        return this;
    }

    @Override
    public SqlStatement nulls(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            setNull(Types.NULL);
        }
        return this;
    }

    private SqlStatement setNull(int type) throws SQLException {
        statement.setNull(++index, type);
        return this;
    }

    /** Adds the current parameters to the batch. */
    SqlStatement addBatch() throws SQLException {
        statement.addBatch();
        index = 0;
        return this;
    }

    /** Executes the batch. */
    int[] executeBatch() throws SQLException {
        try (statement) {
            return statement.executeBatch();
        }
    }

    /** Executes a statement and returns the number of changed rows. */
    int update() throws SQLException {
        try (statement) {
            return statement.executeUpdate();
        }
    }

    /** Executes a statement that changes at most one row, and returns whether it changed one. */
    boolean updateOne() throws SQLException {
        return atMostOne(update()) == 1;
    }

    /** Executes a query for at most one row. */
    <T> Optional<T> findOne(RowMapper<T> mapper) throws SQLException {
        List<T> rows = list(mapper);
        atMostOne(rows.size());
        return rows.stream().findFirst();
    }

    /**
     * Executes several statements, the last of which is a query for at most one row.
     *
     * @param before the number of statements before the query; their results are ignored
     */
    <T> Optional<T> findOneAfter(int before, RowMapper<T> mapper) throws SQLException {
        try (statement) {
            statement.execute();
            for (int i = 0; i < before; i++) {
                statement.getMoreResults();
            }
            try (ResultSet results = statement.getResultSet()) {
                return results.next()
                        ? Optional.of(mapper.map(new ResultRow(results)))
                        : Optional.empty();
            }
        }
    }

    /** Executes a query and returns its rows in order. */
    <T> List<T> list(RowMapper<T> mapper) throws SQLException {
        try (statement;
                ResultSet results = statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (results.next()) {
                rows.add(mapper.map(new ResultRow(results)));
            }
            return rows;
        }
    }

    private static int atMostOne(int rows) {
        if (rows > 1) {
            throw new IllegalStateException(
                    "a statement for one row affected " + rows + "; a unique key is missing");
        }
        return rows;
    }
}
