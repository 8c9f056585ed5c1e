package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a multi-row PostgreSQL statement. Several rows are passed as one array per column
 * ({@code unnest(cast(? as uuid[]), ...)}), so that the statement text does not depend on the
 * number of rows and the database can reuse its plan. A single row is passed as plain parameters:
 * for a one-element array PostgreSQL does not know the number of elements, considers the generic
 * plan worse than a custom one, and plans the statement again for each execution. Not thread-safe.
 */
final class RowBatch implements ParameterBinder<RowBatch> {

    private final List<String> types;
    private final List<List<@Nullable Object>> values = new ArrayList<>();
    private int index;
    private int size;

    /** Creates a batch without rows, with columns of the given SQL types. */
    RowBatch(String... types) {
        this.types = List.of(types);
        this.types.forEach(type -> values.add(new ArrayList<>()));
    }

    /** Completes a row. */
    RowBatch endRow() {
        if (index != values.size()) {
            throw new IllegalStateException(
                    "expected values for columns of types " + types + ", but got " + index);
        }
        index = 0;
        size++;
        return this;
    }

    int size() {
        return size;
    }

    /** Binds the values of the only row, each to one parameter. */
    SqlStatement bindSingleRow(SqlStatement statement) throws SQLException {
        for (List<@Nullable Object> column : values) {
            statement.value(column.get(0));
        }
        return statement;
    }

    /** Binds all rows, each column to one array parameter. */
    SqlStatement bind(SqlStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            String type = types.get(i);
            statement.array(type, values.get(i).toArray(empty(type)));
        }
        return statement;
    }

    /**
     * Returns an array of the matching component type; the driver sends such arrays in binary form,
     * others as text.
     */
    private static Object[] empty(String type) {
        return switch (type) {
            case "bigint" -> new Long[0];
            case "boolean" -> new Boolean[0];
            case "text" -> new String[0];
            case "uuid" -> new UUID[0];
            default -> new Object[0];
        };
    }

    private RowBatch add(@Nullable Object value) {
        values.get(index++).add(value);
        return this;
    }

    @Override
    public RowBatch project(ProjectId project) {
        return add(project.value());
    }

    @Override
    public RowBatch number(long number) {
        return add(number);
    }

    @Override
    public RowBatch number(Optional<Long> number) {
        return add(number.orElse(null));
    }

    @Override
    public RowBatch id(UUID id) {
        return add(id);
    }

    @Override
    public RowBatch id(Optional<UUID> id) {
        return add(id.orElse(null));
    }

    @Override
    public RowBatch text(String text) {
        return add(text);
    }

    @Override
    public RowBatch text(Optional<String> text) {
        return add(text.orElse(null));
    }

    @Override
    public RowBatch flag(boolean flag) {
        return add(flag);
    }

    @Override
    public RowBatch time(Instant time) {
        return add(time.atOffset(ZoneOffset.UTC));
    }

    @Override
    public RowBatch time(Optional<Instant> time) {
        return add(time.map(given -> given.atOffset(ZoneOffset.UTC)).orElse(null));
    }

    @Override
    public RowBatch nulls(int count) {
        for (int i = 0; i < count; i++) {
            add(null);
        }
        return this;
    }
}
