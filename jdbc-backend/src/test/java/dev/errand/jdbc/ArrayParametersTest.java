package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Array parameters of every type that a statement uses: without elements, with one, with many, and
 * with null. The contract tests execute the statements themselves.
 */
class ArrayParametersTest {

    private static final String TIME = "2026-05-07T09:30:00.123456Z";

    static Stream<Arguments> arrays() {
        return Stream.of(
                        type("bigint", Long.MIN_VALUE, 0L, Long.MAX_VALUE),
                        type("smallint", -100L, 0L, 100L),
                        type("integer", 0L, 1L, (long) Integer.MAX_VALUE),
                        type("boolean", true, false),
                        type("text", "", "null", "{\"a\", b\\}", "'' \n\t – 日本語 😀"),
                        type("uuid", new UUID(0, 0), new UUID(-1, -1)),
                        type(
                                "timestamptz",
                                OffsetDateTime.parse(TIME),
                                OffsetDateTime.parse("0001-01-01T00:00:00Z"),
                                OffsetDateTime.parse("9999-12-31T23:59:59.999999Z")),
                        type("json", "{\"a\":\"\\\\ \\\"\"}", "[null]", "5"),
                        type("jsonb", "{\"a\": \"\\\\ \\\"\"}", "[null]", "5"))
                .flatMap(ArrayParametersTest::sizes);
    }

    private static List<Object> type(String name, Object... values) {
        return List.of(name, List.of(values));
    }

    private static Stream<Arguments> sizes(List<Object> type) {
        List<?> many = (List<?>) type.get(1);
        return Stream.of(
                        List.of(),
                        many.subList(0, 1),
                        many,
                        Collections.singletonList(null),
                        Arrays.asList(many.get(0), null, many.get(0)))
                .map(values -> Arguments.of(type.get(0), values));
    }

    /** The columns of a batch arrive as they were added. */
    @ParameterizedTest
    @MethodSource("arrays")
    void aColumnOfABatchIsSentToPostgres(String type, List<Object> values) throws SQLException {
        RowBatch batch = new RowBatch(type, "bigint");
        for (int i = 0; i < values.size(); i++) {
            addTo(batch, values.get(i)).number(i).endRow();
        }
        String sql =
                "select cast(value as text) as value from unnest(cast(? as "
                        + type
                        + "[]), cast(? as bigint[])) as rows (value, position) order by position";
        assertThat(read(sql, batch)).isEqualTo(expected(type, values));
    }

    /** What the database itself makes of the values, each as a parameter of its own. */
    private static List<Object> expected(String type, List<Object> values) throws SQLException {
        String sql = "select cast(cast(? as " + type + ") as text) as value";
        List<Object> expected = new ArrayList<>();
        for (Object value : values) {
            RowBatch single = new RowBatch("text");
            single.text(Optional.ofNullable(value).map(String::valueOf)).endRow();
            try (Connection connection = database().dataSource().getConnection()) {
                expected.addAll(
                        single.bindSingleRow(new SqlSession(connection, 0).statement(sql))
                                .list(row -> row.optionalText("value")));
            }
        }
        return expected;
    }

    private static List<Object> read(String sql, RowBatch batch) throws SQLException {
        try (Connection connection = database().dataSource().getConnection()) {
            return List.copyOf(
                    batch.bind(new SqlSession(connection, 0).statement(sql))
                            .list(row -> row.optionalText("value")));
        }
    }

    private static RowBatch addTo(RowBatch batch, Object value) {
        if (value == null) {
            return batch.nulls(1);
        } else if (value instanceof Long number) {
            return batch.number(number);
        } else if (value instanceof Boolean flag) {
            return batch.flag(flag);
        } else if (value instanceof UUID id) {
            return batch.id(id);
        } else if (value instanceof OffsetDateTime time) {
            return batch.time(time.toInstant());
        } else {
            return batch.text((String) value);
        }
    }

    private static TestDatabase database() {
        return TestDatabase.postgresql(ArrayParametersTest.class);
    }
}
