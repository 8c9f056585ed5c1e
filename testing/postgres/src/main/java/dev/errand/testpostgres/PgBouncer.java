package dev.errand.testpostgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real PgBouncer in transaction mode in front of a test server. It is the program {@code
 * pgbouncer} on the path, or the one that the system property {@code errand.pgbouncer} names.
 */
public final class PgBouncer implements AutoCloseable {

    private static final Pattern SERVER = Pattern.compile("//([^:/]+):(\\d+)/");
    private static final int ATTEMPTS = 250;

    private final Process process;
    private final Path folder;
    private final int port;

    private PgBouncer(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts PgBouncer and waits until it accepts connections.
     *
     * @param url the JDBC URL of a database of the server, whose users need no password
     * @param poolSize the number of sessions of the server that the clients of a database share
     */
    public static PgBouncer start(String url, int poolSize) throws IOException {
        Matcher server = SERVER.matcher(url);
        if (!server.find()) {
            throw new IllegalArgumentException("url must name host and port, but is " + url);
        }
        Path folder = Files.createTempDirectory("errand-pgbouncer");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path users = Files.writeString(folder.resolve("users"), "\"postgres\" \"\"\n");
        int port = PostgresServer.freePort();
        Path configuration =
                Files.writeString(
                        folder.resolve("pgbouncer.ini"),
                        """
                        [databases]
                        * = host=%s port=%s
                        [pgbouncer]
                        listen_addr = 127.0.0.1
                        listen_port = %d
                        unix_socket_dir =
                        auth_type = trust
                        auth_file = %s
                        pool_mode = transaction
                        default_pool_size = %d
                        """
                                .formatted(
                                        server.group(1), server.group(2), port, users, poolSize));
        // PgBouncer refuses to run as root.
        Process process =
                new ProcessBuilder(
                                Commands.with(
                                        Commands.unprivilegedPrefix(),
                                        System.getProperty("errand.pgbouncer", "pgbouncer"),
                                        "-q",
                                        configuration.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        PgBouncer started = new PgBouncer(process, folder, port);
        started.awaitConnection();
        return started;
    }

    /** Returns the URL of the same database through PgBouncer, without parameters. */
    public String url(String directUrl) {
        String database = directUrl.replaceFirst("\\?.*", "").replaceFirst(".*/", "");
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private void awaitConnection() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS && process.isAlive(); attempt++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                pause();
            }
        }
        String log = Files.readString(folder.resolve("log"));
        close();
        throw new IOException("PgBouncer does not start: " + log);
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PgBouncer starts", interrupted);
        }
    }

    /** Stops PgBouncer and deletes its files. */
    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().join();
        for (String name : new String[] {"log", "pgbouncer.ini", "users"}) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
    }
}
