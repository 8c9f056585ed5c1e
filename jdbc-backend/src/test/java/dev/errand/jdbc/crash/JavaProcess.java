package dev.errand.jdbc.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A main class that runs in a separate process and exchanges lines with this one. */
final class JavaProcess implements AutoCloseable {

    private final Process process;
    private final Writer input;
    private final BufferedReader lines;

    private JavaProcess(Process process) {
        this.process = process;
        this.input = process.outputWriter();
        this.lines = process.inputReader();
    }

    static JavaProcess start(Class<?> main, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:TieredStopAtLevel=1",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                                "-Dorg.jboss.logging.provider=slf4j",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        return new JavaProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    void send(String line) throws IOException {
        input.write(line + "\n");
        input.flush();
    }

    /** Reads the next line, which must be the given one. */
    void await(String line) throws IOException {
        String read = lines.readLine();
        if (!line.equals(read)) {
            throw new IllegalStateException("expected '" + line + "', but it wrote '" + read + "'");
        }
    }

    /** Kills the process with SIGKILL, and waits until it has ended. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends a signal such as {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    }

    /** Closes its input, and waits until the process has ended. */
    void end() throws IOException, InterruptedException {
        input.close();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
