package dev.errand.benchmarks.durable;

import dev.errand.spi.store.Inclusion;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The baseline of a list: statements for exactly one filter, prepared once, on one connection.
 * Every column of the response is read and discarded. The total is a second statement that is
 * executed only if the page does not show it. Not thread-safe.
 */
final class BaselineLists implements AutoCloseable {

    private static final int PAGE = 100;

    private static final String TASK =
            "t.id, t.task_number, t.version, t.title, t.title_manually_set, t.description,"
                    + " t.origin_product, t.repository, t.github_integration,"
                    + " t.github_user_integration, t.signal_report, t.json_schema, t.internal,"
                    + " t.ci_prompt, t.created_by, t.created_at, t.updated_at, t.deleted_at";

    private static final String RUN =
            "r.id, r.version, r.status, r.environment, r.stage, r.branch, r.error_message,"
                    + " r.output, r.state, r.artifacts, r.attempt,"
                    + " r.end_reason, r.created_at, r.updated_at, r.completed_at";

    private final Connection connection;
    private final ListCase asked;
    private final Optional<TaskPosition> after;
    private final PreparedStatement page;
    private final PreparedStatement count;
    private char[] kinds; // How each column is read, determined once.

    BaselineLists(Connection connection, ListCase asked, Optional<TaskPosition> after)
            throws SQLException {
        this.connection = connection;
        this.asked = asked;
        this.after = after;
        String where = where(asked.filter()) + condition();
        String pageSql =
                "select %s, %s from (select t.* from ".formatted(TASK, RUN)
                        + rows(where)
                        + " limit "
                        + PAGE
                        + ") t left join lateral (select * from errand_run l"
                        + " where l.project_id = t.project_id and l.task_id = t.id"
                        + " order by l.created_at desc, l.id desc limit 1) r on true"
                        + " order by t.created_at desc, t.id desc";
        page = connection.prepareStatement(pageSql);
        count = connection.prepareStatement("select count(*) from errand_task t where " + where);
    }

    private String rows(String where) {
        if (asked.isForStageAlone()) {
            return rowsOfStage();
        }
        return asked.isForStatusAlone()
                ? rowsOfStatus()
                : "errand_task t where %s%s order by t.created_at desc, t.id desc"
                        .formatted(
                                where,
                                after.isPresent() ? " and (t.created_at, t.id) < (?, ?)" : "");
    }

    /** Reads along the index of the runs with a stage, which is in list order. */
    private static String rowsOfStage() {
        return """
        (select distinct s.task_created_at, s.task_id from errand_run s
            where s.project_id = ? and s.stage = ?
            order by s.task_created_at desc, s.task_id desc) s
        join errand_task t on t.project_id = %d and t.id = s.task_id
        where t.deleted_at is null and not t.internal
        order by s.task_created_at desc, s.task_id desc"""
                .formatted(SampleRows.PROJECT);
    }

    /** Reads along the index of the latest runs with a status, which is in list order. */
    private String rowsOfStatus() {
        return """
        errand_run s join errand_task t on t.project_id = s.project_id and t.id = s.task_id
        where s.project_id = ? and s.latest and s.status = ?%s
            and t.deleted_at is null and not t.internal
        order by s.task_created_at desc, s.task_id desc"""
                .formatted(after.isPresent() ? " and (s.task_created_at, s.task_id) < (?, ?)" : "");
    }

    private static String where(TaskFilter filter) {
        return "t.project_id = ? and t.deleted_at is null and "
                + (filter.internal() == Inclusion.ONLY ? "t.internal" : "not t.internal");
    }

    private String condition() {
        return asked.byHand().isEmpty() ? "" : " and " + asked.byHand();
    }

    /** Returns the first page, or the one after a position. */
    List<Object[]> page() throws SQLException {
        int index = bind(page);
        if (after.isPresent()) {
            page.setObject(++index, after.get().createdAt().atOffset(ZoneOffset.UTC));
            page.setObject(++index, after.get().id().value());
        }
        try (ResultSet results = page.executeQuery()) {
            List<Object[]> rows = new ArrayList<>();
            while (results.next()) {
                rows.add(read(results));
            }
            return rows;
        }
    }

    /** Returns the page and the total. */
    long pageAndCount() throws SQLException {
        List<Object[]> rows = page();
        if (rows.size() < PAGE) {
            return rows.size();
        }
        bind(count);
        try (ResultSet results = count.executeQuery()) {
            results.next();
            return results.getLong(1);
        }
    }

    private int bind(PreparedStatement statement) throws SQLException {
        int index = 0;
        statement.setLong(++index, SampleRows.PROJECT);
        for (Object parameter : asked.parameters()) {
            statement.setObject(++index, parameter);
        }
        return index;
    }

    private Object[] read(ResultSet results) throws SQLException {
        if (kinds == null) {
            kinds = kinds(results);
        }
        Object[] row = new Object[kinds.length];
        for (int column = 0; column < row.length; column++) {
            row[column] =
                    switch (kinds[column]) {
                        case 'i' -> results.getObject(column + 1, UUID.class);
                        case 'n' -> results.getLong(column + 1);
                        case 'f' -> results.getBoolean(column + 1);
                        case 't' -> results.getObject(column + 1, OffsetDateTime.class);
                        case 'b' -> results.getBytes(column + 1);
                        default -> results.getString(column + 1);
                    };
        }
        return row;
    }

    private static char[] kinds(ResultSet results) throws SQLException {
        char[] kinds = new char[results.getMetaData().getColumnCount()];
        for (int column = 0; column < kinds.length; column++) {
            kinds[column] =
                    switch (results.getMetaData().getColumnTypeName(column + 1)) {
                        case "uuid" -> 'i';
                        case "int8", "int4" -> 'n';
                        case "bool" -> 'f';
                        case "timestamptz" -> 't';
                        case "bytea" -> 'b';
                        default -> 's';
                    };
        }
        return kinds;
    }

    @Override
    public void close() throws SQLException {
        page.close();
        count.close();
        connection.close();
    }
}
