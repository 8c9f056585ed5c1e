package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program as a process of its own, killed at the latest when it is closed; from the runnable
 * jar, once the build has made one.
 */
final class ServerProcess implements AutoCloseable {

    private static final String JAR = "errand.server.jar";
    private static final String MAIN = Main.class.getName();

    private static final Pattern LISTENING =
            Pattern.compile(
                    "Errand.* listening on (http://127\\.0\\.0\\.1:[0-9]+) \\(project 1\\)");
    private static final Pattern TOKEN = Pattern.compile("Token, shown this once: (errand_key_.+)");

    private final Process process;
    private final Path errors;
    private final URI url;

    private ServerProcess(Process process, Path errors) throws IOException {
        this.process = process;
        this.errors = errors;
        this.url = URI.create(match(LISTENING));
    }

    /** What a program that did not start left. */
    record Refusal(int exitCode, String out, String err) {}

    /** Starts it, on any free port unless one is given, and waits until it listens. */
    static ServerProcess start(Path folder, List<String> options) throws IOException {
        Path errors = Files.createTempFile(folder, "stderr", "");
        return new ServerProcess(launch(errors, List.of(), options), errors);
    }

    /** Starts it with properties of its JVM, and waits until it has ended by itself. */
    static Refusal refused(Path folder, List<String> properties, List<String> options)
            throws Exception {
        Path errors = Files.createTempFile(folder, "stderr", "");
        Process process = launch(errors, properties, options);
        try {
            String out = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Refusal(process.exitValue(), out, Files.readString(errors));
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process launch(Path errors, List<String> properties, List<String> options)
            throws IOException {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElse("java"));
        // It does not live long enough for more.
        words.add("-XX:TieredStopAtLevel=1");
        words.addAll(properties);
        String jar = System.getProperty(JAR);
        words.addAll(
                jar == null
                        ? List.of("-cp", System.getProperty("java.class.path"), MAIN)
                        : List.of("-jar", jar));
        words.addAll(options);
        if (options.stream().noneMatch(option -> option.startsWith("--port="))) {
            words.add("--port=0");
        }
        return new ProcessBuilder(words).redirectError(errors.toFile()).start();
    }

    URI url() {
        return url;
    }

    /** The token that it printed; to be asked for once, where there is no directory file. */
    String readToken() throws IOException {
        return match(TOKEN);
    }

    /** What it wrote to standard error. */
    String errors() throws IOException {
        return Files.readString(errors);
    }

    /** Asks it to end. */
    void terminate() {
        process.destroy();
    }

    /** Waits until it ended as one that was asked to. */
    void awaitGoodEnd() throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(errors()).isZero();
        assertThat(errors()).doesNotContain("Exception", "hibernate", "HV0");
    }

    private String match(Pattern pattern) throws IOException {
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        String said = line == null ? errors() : line;
        Matcher matcher = pattern.matcher(said);
        assertThat(matcher.matches()).as(said).isTrue();
        return matcher.group(1);
    }

    /** SIGKILL, as {@code kill -9}; returns when it has ended. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
