package dev.errand.testpostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL for tests: the binaries on the class path, or the server that the environment
 * variable {@code TEST_PG_URL} names, with user and password if required.
 *
 * <p>The server reads from a pipe of this JVM and stops when the pipe is closed, even after kill
 * -9. Since PostgreSQL refuses to run as root, it is started as an unprivileged user if the JVM
 * runs as root.
 *
 * <p>The shared server does not sync to disk. Crash tests start {@linkplain #startDurable their
 * own} server, which can {@linkplain #crash() crash} and {@linkplain #restart() restart}.
 */
public final class PostgresServer implements AutoCloseable {

    /**
     * A role that must authenticate with its password if a test creates it; all others are trusted.
     */
    public static final String ROLE_WITH_PASSWORD = "errand_app";

    static final String EXISTING_SERVER = "TEST_PG_URL";
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    /** Fast settings without durability. */
    private static final List<String> VOLATILE = List.of("fsync=off", "full_page_writes=off");

    /** The default settings of PostgreSQL. */
    private static final List<String> DURABLE = List.of("fsync=on", "full_page_writes=on");

    private static PostgresServer instance;

    private final String url;
    private final List<String> command;
    private final Path data;
    private Process process;

    private PostgresServer(String url, List<String> command, Path data) {
        this.url = url;
        this.command = command;
        this.data = data;
    }

    /** Returns the shared server of this JVM, after starting it if necessary. */
    public static synchronized PostgresServer get() {
        if (instance == null) {
            String existing = System.getenv(EXISTING_SERVER);
            instance =
                    existing == null
                            ? start(VOLATILE)
                            : new PostgresServer(existing, List.of(), TEMPORARY);
        }
        return instance;
    }

    /** Returns whether there are binaries for this machine. */
    public static boolean canStart() {
        return PostgresInstallation.isAvailable();
    }

    /** Starts a durable server for one test, which must close it. */
    public static PostgresServer startDurable() {
        return start(DURABLE);
    }

    /** Kills the server and its child processes with SIGKILL. Its files are kept. */
    public void crash() throws IOException, InterruptedException {
        String postmaster = Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
        ProcessHandle first = ProcessHandle.of(Long.parseLong(postmaster)).orElseThrow();
        List<ProcessHandle> children = first.descendants().toList();
        first.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /** Starts the server on its existing files and waits until it has recovered. */
    public void restart() throws IOException {
        process = serve(command);
        awaitAnswer();
    }

    /** Stops the server and deletes its files. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Creates an empty database, replacing one of the same name, and returns its URL. */
    public String newDatabase(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("drop database if exists " + name + " with (force)");
            statement.execute("create database " + name);
        }
        return url.replaceFirst("/[^/?]*(\\?|$)", "/" + name + "$1");
    }

    private static PostgresServer start(List<String> settings) {
        try {
            Path home = PostgresInstallation.unpack(TEMPORARY);
            List<String> prefix = Commands.unprivilegedPrefix();
            Path data = initialize(home, prefix);
            int port = freePort();
            PostgresServer server =
                    new PostgresServer(
                            "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres",
                            command(home, prefix, data, port, settings),
                            data);
            server.restart();
            return server;
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL cannot be started", e);
        }
    }

    private static Path initialize(Path home, List<String> prefix) throws IOException {
        Path base = Files.createTempDirectory("errand-pgdata");
        Path data = Files.createDirectory(base.resolve("data"));
        if (!prefix.isEmpty() && !prefix.get(0).equals("unshare")) {
            Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.setOwner(
                    data,
                    base.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName("nobody"));
        }
        Commands.run(
                Commands.with(
                        prefix,
                        home + "/bin/initdb",
                        "--pgdata=" + data,
                        "--username=postgres",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync"));
        Files.writeString(
                data.resolve("pg_hba.conf"),
                """
                host all %s 127.0.0.1/32 scram-sha-256
                host all all 127.0.0.1/32 trust
                """
                        .formatted(ROLE_WITH_PASSWORD));
        return data;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Runs the server under a shell that reads from a pipe of this JVM. When the pipe is closed,
     * the shell stops the server and deletes its files. If the server dies by itself, they are
     * kept.
     */
    private static List<String> command(
            Path home, List<String> prefix, Path data, int port, List<String> settings) {
        String script =
                """
                exec 3<&0
                "$@" 3<&- </dev/null >/dev/null 2>&1 & server=$!
                { cat <&3 >/dev/null; : >DATA/stopping; kill -INT $server; } & watch=$!
                wait $server
                if [ -e DATA/stopping ]; then rm -rf BASE; else kill $watch; fi
                """
                        .replace("DATA", data.toString())
                        .replace("BASE", data.getParent().toString());
        List<String> command =
                Commands.with(
                        prefix,
                        "sh",
                        "-c",
                        script,
                        "sh",
                        home + "/bin/postgres",
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port));
        List<String> all = new ArrayList<>(settings);
        all.addAll(
                List.of(
                        "listen_addresses=127.0.0.1",
                        "unix_socket_directories=",
                        "max_connections=200"));
        all.forEach(setting -> command.addAll(List.of("-c", setting)));
        return command;
    }

    private static Process serve(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .directory(TEMPORARY.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Retries the start, which fails while processes of a killed server still exist. */
    private void awaitAnswer() throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                DriverManager.getConnection(url).close();
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("PostgreSQL does not respond", e);
                }
                if (!process.isAlive()) {
                    process = serve(command);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL starts", e);
        }
    }
}
