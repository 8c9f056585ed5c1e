package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.errand.testpostgres.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Problems with the database are reported in one line, and the process exits. */
class DatabaseErrorTest {

    private static final String PASSWORD = "hunter2-and-more";
    private static final List<String> LOG_EVERYTHING =
            List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace");

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void databaseWithoutTablesIsNotChanged(TestStorage storage) throws Exception {
        assertThat(startupError(storage.options(folder, "empty")))
                .startsWith("errand-server: cannot start: ")
                .contains("the database lacks schema version 1", "--migrate");
    }

    @Test
    void databaseOfAnOlderVersionIsNotChanged() throws Exception {
        String url = PostgresServer.get().newDatabase("server_older");
        execute(url, "create table errand_schema_version (version integer not null primary key)");

        assertThat(startupError(TestStorage.postgresOptions(folder, url)))
                .contains("the database lacks schema version 1", "--migrate");
    }

    @Test
    void unreachableDatabaseIsReported() throws Exception {
        String unusedAddress = "127.0.0.1:" + freePort();

        assertThat(startupError(at(unusedAddress)))
                .contains("cannot connect to the database", unusedAddress);
        assertThat(startupError(at("no-such-host.invalid"))).contains("no-such-host.invalid");
    }

    @Test
    void wrongPasswordIsReportedAndNoPasswordIsShown() throws Exception {
        assumeThat(System.getenv("TEST_PG_URL")).isNull();
        String url = PostgresServer.get().newDatabase("server_login");
        execute(
                url,
                "create role %s login password '%s'"
                        .formatted(PostgresServer.ROLE_WITH_PASSWORD, PASSWORD));
        execute(url, "grant create on schema public to " + PostgresServer.ROLE_WITH_PASSWORD);
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--backend=" + url.replaceFirst("\\?.*", ""),
                                "--key-file=" + folder.resolve("key")));
        options.add("--db-user=" + PostgresServer.ROLE_WITH_PASSWORD);
        Path file = ConfidentialFiles.write(folder.resolve("password"), "hunter3-and-more\n");
        options.add("--db-password-file=" + file);

        assertThat(startupError(options))
                .contains("the database rejected the user or the password")
                .doesNotContain("hunter3");

        Files.writeString(file, PASSWORD + "\n");
        ServerProcess.Exit unprepared = ServerProcess.runUntilExit(folder, LOG_EVERYTHING, options);
        assertThat(unprepared.err())
                .contains("the database lacks schema version 1")
                .doesNotContain(PASSWORD);
        options.add("--migrate");
        try (ServerProcess server = ServerProcess.start(folder, options)) {
            assertThat(new ApiTestClient(server.url(), server.readToken()).createTask("x"))
                    .isNotEmpty();
        }
    }

    @Test
    void wrongPasswordOfAnH2DatabaseIsReported() throws Exception {
        Path file = ConfidentialFiles.write(folder.resolve("password"), PASSWORD);
        List<String> options =
                List.of(
                        "--backend=jdbc:h2:file:" + folder.resolve("db"),
                        "--db-user=sa",
                        "--db-password-file=" + file,
                        "--migrate");
        ServerProcess.start(folder, options).close();
        Files.writeString(file, "hunter3-and-more");

        assertThat(startupError(options))
                .contains("the database rejected the user or the password")
                .doesNotContain("hunter");
    }

    private List<String> at(String address) {
        return List.of(
                "--backend=jdbc:postgresql://" + address + "/errand",
                "--key-file=" + folder.resolve("key"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns the output of a server that cannot start. */
    private static String startupError(List<String> options) {
        List<String> words = new ArrayList<>(options);
        words.add("--port=0");
        StringWriter out = new StringWriter();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream console = System.err;
        System.setErr(new PrintStream(err, true));
        try {
            int exitCode =
                    Main.run(
                            words.toArray(String[]::new),
                            Map.of(),
                            new PrintWriter(out, true),
                            new PrintWriter(System.err, true));
            assertThat(exitCode).isEqualTo(1);
        } finally {
            System.setErr(console);
        }
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).as(err.toString()).hasSize(1);
        return err.toString();
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
