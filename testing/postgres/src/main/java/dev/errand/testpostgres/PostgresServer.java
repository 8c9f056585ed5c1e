package dev.errand.testpostgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL for the tests of one JVM, from the archive that the build brings along; or the
 * one that {@code TEST_PG_URL} names, with user and password in it if it needs them.
 *
 * <p>The server reads a pipe from this JVM and ends when the pipe does, even on kill -9. PostgreSQL
 * refuses to run as root, so root starts it as somebody else.
 *
 * <p>The shared one never waits for the disk. Tests of crashes start {@linkplain #startDurable one
 * of their own} that does, which can {@linkplain #crash() crash} and {@linkplain #restart() come
 * back}.
 */
public final class PostgresServer implements AutoCloseable {

    /** The role that must give its password, once a test has made it; the others need none. */
    public static final String ROLE_WITH_PASSWORD = "errand_app";

    private static final String EXISTING_SERVER = "TEST_PG_URL";
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    /** Commands that run another as somebody else than root; the first that works is used. */
    private static final List<List<String>> NOT_AS_ROOT =
            List.of(
                    List.of("unshare", "-U"),
                    List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"),
                    List.of("runuser", "-u", "nobody", "--"));

    /** Fast, and lost with the machine. */
    private static final List<String> CARELESS = List.of("fsync=off", "full_page_writes=off");

    /** As a fresh installation has it. */
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

    /** The server of this JVM, started when it is first asked for. */
    public static synchronized PostgresServer get() {
        if (instance == null) {
            String existing = System.getenv(EXISTING_SERVER);
            instance =
                    existing == null
                            ? start(CARELESS)
                            : new PostgresServer(existing, List.of(), TEMPORARY);
        }
        return instance;
    }

    /** Whether the archive for this machine is there, so that servers can be started. */
    public static boolean canStart() {
        return PostgresServer.class.getResource(ARCHIVE) != null;
    }

    /** Starts a server with the durability of production, for one test, which closes it. */
    public static PostgresServer startDurable() {
        return start(DURABLE);
    }

    /**
     * Kills the server and everything it started with SIGKILL, so that it tidies nothing up; its
     * files stay.
     */
    public void crash() throws IOException, InterruptedException {
        String postmaster = Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
        ProcessHandle first = ProcessHandle.of(Long.parseLong(postmaster)).orElseThrow();
        List<ProcessHandle> children = first.descendants().toList();
        first.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /** Starts the server on the files that a crash left, and waits until it has recovered. */
    public void restart() throws IOException {
        process = serve(command);
        awaitAnswer();
    }

    /** Ends a server of one's own, and removes its files. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes a new, empty database, in place of one of the same name, and answers with its URL. */
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
            Path home = unpack();
            List<String> prefix = prefix();
            Path data = initialise(home, prefix);
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

    /** Unpacks the archive, once a machine. */
    private static Path unpack() throws IOException {
        try (InputStream archive = PostgresServer.class.getResourceAsStream(ARCHIVE)) {
            if (archive == null) {
                throw new IllegalStateException(
                        "there is no " + ARCHIVE + " for this machine; set " + EXISTING_SERVER);
            }
            byte[] bytes = archive.readAllBytes();
            String version = Integer.toHexString(Arrays.hashCode(bytes));
            Path home = TEMPORARY.resolve("errand-postgres-" + version);
            if (!Files.exists(home.resolve("bin/postgres"))) {
                Path unpacking = Files.createTempDirectory("errand-postgres");
                Path file = Files.write(unpacking.resolve("archive.txz"), bytes);
                Path contents = Files.createDirectory(unpacking.resolve("contents"));
                run(List.of("tar", "-xJf", file.toString(), "-C", contents.toString()));
                Files.delete(file);
                Files.setPosixFilePermissions(
                        contents, PosixFilePermissions.fromString("rwxr-xr-x"));
                moveUnlessAnotherDid(contents, home);
            }
            return home;
        }
    }

    private static void moveUnlessAnotherDid(Path contents, Path home) throws IOException {
        try {
            Files.move(contents, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.exists(home.resolve("bin/postgres"))) {
                throw e;
            }
        }
    }

    private static List<String> prefix() throws IOException {
        if (!run(List.of("id", "-u")).equals("0")) {
            return List.of();
        }
        for (List<String> prefix : NOT_AS_ROOT) {
            if (works(prefix)) {
                return prefix;
            }
        }
        throw new IllegalStateException(
                "root, and none of unshare, setpriv and runuser works; set " + EXISTING_SERVER);
    }

    private static boolean works(List<String> prefix) {
        try {
            run(with(prefix, "true"));
            return true;
        } catch (IOException | IllegalStateException e) {
            return false;
        }
    }

    private static Path initialise(Path home, List<String> prefix) throws IOException {
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
        run(
                with(
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * The server under a shell that waits at our pipe: when the pipe ends, the server is stopped
     * and its files are removed; when the server dies by itself, they stay.
     */
    private static List<String> command(
            Path home, List<String> prefix, Path data, int port, List<String> settings) {
        String untilThePipeEnds =
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
                with(
                        prefix,
                        "sh",
                        "-c",
                        untilThePipeEnds,
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

    /**
     * A server that finds what is left of a killed one still there gives up, and is tried again.
     */
    private void awaitAnswer() throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                DriverManager.getConnection(url).close();
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("PostgreSQL does not answer", e);
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

    private static List<String> with(List<String> prefix, String... command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        return all;
    }

    private static String run(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(TEMPORARY.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in " + command, e);
        }
        return output;
    }
}
