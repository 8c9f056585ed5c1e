package dev.errand.server.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server process, started from the runnable jar if there is one. Only one thread may stop it at a
 * time; any thread may read its URL.
 */
final class Node implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    private final String name;
    private final Path log;
    private final List<String> options;
    private final URI url;
    private volatile Process process;
    private volatile boolean paused;

    private Node(String name, Path log, List<String> options, int port) {
        this.name = name;
        this.log = log;
        this.options = options;
        this.url = URI.create("http://127.0.0.1:" + port);
    }

    /** Starts a server on a free port and waits until it listens. */
    static Node start(String name, Path folder, List<String> options) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<String> all = new ArrayList<>(options);
        all.add("--port=" + port);
        Node node = new Node(name, folder.resolve(name + ".log"), all, port);
        node.restart();
        return node;
    }

    URI url() {
        return url;
    }

    boolean isWorking() {
        return process.isAlive() && !paused;
    }

    /** Starts the server on its port, repeatedly while the database is unavailable. */
    void restart() throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        do {
            Path out = Files.createTempFile(log.getParent(), name, ".out");
            process = launch(out);
            while (process.isAlive()) {
                if (Files.readString(out).contains("listening on")) {
                    return;
                }
                Pause.of(Duration.ofMillis(20));
            }
        } while (System.nanoTime() < end);
        throw new IllegalStateException(name + " cannot be started; see " + log);
    }

    private Process launch(Path out) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        String jar = System.getProperty("errand.server.jar");
        words.addAll(
                jar == null
                        ? List.of(
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                "dev.errand.server.Main")
                        : List.of("-jar", jar));
        words.addAll(options);
        return new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectOutput(out.toFile())
                .start();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGSTOP. */
    void pause() throws IOException {
        paused = true;
        signal("STOP");
    }

    /** SIGCONT. */
    void resume() throws IOException {
        signal("CONT");
        paused = false;
    }

    /** Sends SIGTERM and returns whether the server exited with 0. */
    boolean end() throws InterruptedException {
        process.destroy();
        return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    }

    private void signal(String signal) throws IOException {
        try {
            new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return name;
    }
}
