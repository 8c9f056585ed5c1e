package dev.errand.jdbc;

import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a multi-row PostgreSQL statement. Several rows are passed as one array per column, so
 * that the statement text does not depend on the number of rows and the database can reuse its
 * plan. A single row is passed as plain parameters: for a one-element array PostgreSQL does not
 * know the number of elements, considers the generic plan worse than a custom one, and plans the
 * statement again for each execution. Not thread-safe.
 */
final class RowBatch implements ParameterBinder<RowBatch> {

    /**
     * The columns of the rows.
     *
     * @param names the column names
     * @param types the SQL types, in the order of the names
     */
    record Columns(List<String> names, List<String> types) {

        /** Parses {@code name type, name type, ...}. */
        static Columns of(String definition) {
            List<String[]> pairs =
                    definition
                            .lines()
                            .flatMap(line -> List.of(line.split(",")).stream())
                            .map(String::strip)
                            .filter(pair -> !pair.isEmpty())
                            .map(pair -> pair.split(" +"))
                            .toList();
            return new Columns(
                    pairs.stream().map(pair -> pair[0]).toList(),
                    pairs.stream().map(pair -> pair[1]).toList());
        }

        /** Returns a table expression for any number of rows. */
        String table(String alias) {
            return "unnest(" + parameters("[]") + ")" + aliased(alias);
        }

        /** Returns a table expression for one row. */
        String singleRowTable(String alias) {
            return "(values (" + parameters("") + "))" + aliased(alias);
        }

        private String parameters(String suffix) {
            return types.stream()
                    .map(type -> "cast(? as " + type + suffix + ")")
                    .collect(Collectors.joining(", "));
        }

        private String aliased(String alias) {
            return " as " + alias + " (" + String.join(", ", names) + ")";
        }
    }

    private final Columns columns;
    private final List<List<@Nullable Object>> values = new ArrayList<>();
    private int index;
    private int size;

    RowBatch(Columns columns) {
        this.columns = columns;
        columns.names().forEach(name -> values.add(new ArrayList<>()));
    }

    /** Completes a row. */
    RowBatch endRow() {
        if (index != values.size()) {
            throw new IllegalStateException(
                    "expected values for columns " + columns.names() + ", but got " + index);
        }
        index = 0;
        size++;
        return this;
    }

    int size() {
        return size;
    }

    /** Binds the only row to the parameters of {@link Columns#singleRowTable}. */
    SqlStatement bindSingleRow(SqlStatement statement) throws SQLException {
        for (List<@Nullable Object> column : values) {
            statement.value(column.get(0));
        }
        return statement;
    }

    /** Binds all rows to the parameters of {@link Columns#table}. */
    SqlStatement bind(SqlStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            String type = columns.types().get(i);
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
    public RowBatch bytes(Optional<byte[]> bytes) {
        return add(bytes.orElse(null));
    }
}
