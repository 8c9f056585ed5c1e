package dev.errand.jdbc;

import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Rows for one statement of PostgreSQL. It gets each column of many as an array, so that its text
 * is the same for any number of rows and the database plans it once. A single row comes as it is:
 * of an array the database does not know that it has one element, takes the plan for all arrays to
 * be worse than one for this row, and plans it again each time. Not thread-safe.
 */
final class Rows implements Parameters<Rows> {

    /**
     * The columns of a set of rows.
     *
     * @param names in order
     * @param types the database's names for them, in the same order
     */
    record Columns(List<String> names, List<String> types) {

        /** Reads {@code name type, name type, ...}. */
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

        /** Any number of rows as a table of a query. */
        String table(String alias) {
            return "unnest(" + parameters("[]") + ")" + named(alias);
        }

        /** One row as a table of a query. */
        String tableOfOne(String alias) {
            return "(values (" + parameters("") + "))" + named(alias);
        }

        private String parameters(String suffix) {
            return types.stream()
                    .map(type -> "cast(? as " + type + suffix + ")")
                    .collect(Collectors.joining(", "));
        }

        private String named(String alias) {
            return " as " + alias + " (" + String.join(", ", names) + ")";
        }
    }

    private final Columns columns;
    private final List<List<Object>> values = new ArrayList<>();
    private int index;
    private int size;

    Rows(Columns columns) {
        this.columns = columns;
        columns.names().forEach(name -> values.add(new ArrayList<>()));
    }

    /** Ends a row. */
    Rows next() {
        if (index != values.size()) {
            throw new IllegalStateException(index + " values for columns " + columns.names());
        }
        index = 0;
        size++;
        return this;
    }

    int size() {
        return size;
    }

    /** Binds the only row to the parameters of {@link Columns#tableOfOne}. */
    Call bindOne(Call call) throws SQLException {
        for (List<Object> column : values) {
            call.value(column.get(0));
        }
        return call;
    }

    /** Binds all rows to the parameters of {@link Columns#table}. */
    Call bind(Call call) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            String type = columns.types().get(i);
            call.array(type, values.get(i).toArray(empty(type)));
        }
        return call;
    }

    /** An array of the type's own class: the driver sends such ones as they are, others as text. */
    private static Object[] empty(String type) {
        return switch (type) {
            case "bigint" -> new Long[0];
            case "boolean" -> new Boolean[0];
            case "text" -> new String[0];
            case "uuid" -> new UUID[0];
            default -> new Object[0];
        };
    }

    private Rows add(Object value) {
        values.get(index++).add(value);
        return this;
    }

    @Override
    public Rows number(long number) {
        return add(number);
    }

    @Override
    public Rows number(Optional<Long> number) {
        return add(number.orElse(null));
    }

    @Override
    public Rows id(UUID id) {
        return add(id);
    }

    @Override
    public Rows id(Optional<UUID> id) {
        return add(id.orElse(null));
    }

    @Override
    public Rows text(String text) {
        return add(text);
    }

    @Override
    public Rows text(Optional<String> text) {
        return add(text.orElse(null));
    }

    @Override
    public Rows flag(boolean flag) {
        return add(flag);
    }

    @Override
    public Rows time(Instant time) {
        return add(time.atOffset(ZoneOffset.UTC));
    }

    @Override
    public Rows time(Optional<Instant> time) {
        return add(time.map(given -> given.atOffset(ZoneOffset.UTC)).orElse(null));
    }

    @Override
    public Rows bytes(Optional<byte[]> bytes) {
        return add(bytes.orElse(null));
    }
}
