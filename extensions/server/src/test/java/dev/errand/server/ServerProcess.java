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
 * The program in its own process, from the runnable jar if the build has created it. Closing it
 * kills the process.
 */
public final class ServerProcess implements AutoCloseable {

    private static final String JAR = "errand.server.jar";
    private static final String MAIN = Main.class.getName();

    private static final Pattern LISTENING =
            Pattern.compile(
                    "Errand.* listening on (http://127\\.0\\.0\\.1:[0-9]+) \\(projects? [0-9, ]+\\)");
    private static final Pattern TOKEN =
            Pattern.compile("Token \\(shown only once\\): (errand_key_.+)");

    private final Process process;
    private final Path errors;
    private final URI url;

    private ServerProcess(Process process, Path errors) throws IOException {
        this.process = process;
        this.errors = errors;
        this.url = URI.create(match(LISTENING));
    }

    /** The result of a process that exited by itself. */
    record Exit(int exitCode, String out, String err) {}

    /** Starts the program, on a free port unless one is specified, and waits until it listens. */
    static ServerProcess start(Path folder, List<String> options) throws IOException {
        return start(folder, List.of(), options);
    }

    /** Starts the program with JVM options, and waits until it listens. */
    public static ServerProcess start(Path folder, List<String> jvmOptions, List<String> options)
            throws IOException {
        Path errors = Files.createTempFile(folder, "stderr", "");
        return new ServerProcess(launch(errors, jvmOptions, options), errors);
    }

    /** Starts the program with JVM properties and waits until it exits. */
    static Exit runUntilExit(Path folder, List<String> properties, List<String> options)
            throws Exception {
        Path errors = Files.createTempFile(folder, "stderr", "");
        Process process = launch(errors, properties, options);
        try {
            String out = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Exit(process.exitValue(), out, Files.readString(errors));
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process launch(Path errors, List<String> properties, List<String> options)
            throws IOException {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElse("java"));
        // The process is too short-lived for the second compiler tier.
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

    long pid() {
        return process.pid();
    }

    public URI url() {
        return url;
    }

    /** Reads the printed token. May be called only once, and only without a directory file. */
    String readToken() throws IOException {
        return match(TOKEN);
    }

    /** Returns the content of standard error. */
    public String errors() throws IOException {
        return Files.readString(errors);
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Waits until the process has exited, and returns the exit code. */
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /** Waits until the process has exited with 0. */
    void awaitEnd() throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(errors()).isZero();
    }

    /** Waits until the process has exited with 0, without having logged an exception. */
    public void awaitOrderlyEnd() throws Exception {
        awaitEnd();
        assertThat(errors()).doesNotContain("Exception", "hibernate", "HV0");
    }

    private String match(Pattern pattern) throws IOException {
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        String actual = line == null ? errors() : line;
        Matcher matcher = pattern.matcher(actual);
        assertThat(matcher.matches()).as(actual).isTrue();
        return matcher.group(1);
    }

    /** Sends SIGKILL and waits for the end of the process. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
