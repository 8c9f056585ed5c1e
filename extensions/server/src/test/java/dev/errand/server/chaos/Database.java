package dev.errand.server.chaos;

import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The PostgreSQL database of all servers, with a trigger that records every status of a run. Only
 * one thread may stop it at a time.
 */
final class Database implements AutoCloseable {

    private static final String HISTORY =
            """
            create table chaos_history (n bigserial primary key, run uuid, status text);
            create function chaos_note() returns trigger language plpgsql as $$
            begin
                if tg_op = 'INSERT' or old.status <> new.status then
                    insert into chaos_history (run, status) values (new.id, new.status);
                end if;
                return new;
            end $$;
            create trigger chaos after insert or update on errand_run
                for each row execute function chaos_note();
            """;

    private final PostgresServer server;
    private final String url;

    private Database(PostgresServer server, String url) {
        this.server = server;
        this.url = url;
    }

    /** A row of the run table, and whether the run has a queue entry. */
    record Row(String task, String status, int attempt, String error, boolean isQueued) {}

    static Database start() throws SQLException {
        PostgresServer server = PostgresServer.startDurable();
        return new Database(server, server.newDatabase("chaos"));
    }

    String url() {
        return url;
    }

    /** Starts to record statuses; the tables exist already. */
    void writeHistory() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(HISTORY);
        }
    }

    /** Kills the server and restarts it after a while. */
    void stopFor(Duration time) throws IOException, InterruptedException {
        server.crash();
        Pause.of(time);
        server.restart();
    }

    Map<String, Row> runs() throws SQLException {
        Map<String, Row> runs = new LinkedHashMap<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                """
                                select id, task_id, status, attempt, coalesce(error_message, ''),
                                    exists (
                                        select from errand_queue q
                                        where q.project_id = r.project_id and q.run_id = r.id)
                                from errand_run r""")) {
            while (rows.next()) {
                runs.put(
                        rows.getString(1),
                        new Row(
                                rows.getString(2),
                                rows.getString(3),
                                rows.getInt(4),
                                rows.getString(5),
                                rows.getBoolean(6)));
            }
        }
        return runs;
    }

    int tasks() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from errand_task")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Returns all statuses of each run in order. */
    Map<String, List<String>> histories() throws SQLException {
        Map<String, List<String>> histories = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "select run, status from chaos_history order by n")) {
            while (rows.next()) {
                histories
                        .computeIfAbsent(rows.getString(1), run -> new ArrayList<>())
                        .add(rows.getString(2));
            }
        }
        return histories;
    }

    @Override
    public void close() {
        server.close();
    }
}
