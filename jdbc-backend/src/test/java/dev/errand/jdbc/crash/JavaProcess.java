package dev.errand.jdbc.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class with a main, run in a process of its own that takes and writes lines. */
final class JavaProcess implements AutoCloseable {

    private final Process process;
    private final Writer orders;
    private final BufferedReader lines;

    private JavaProcess(Process process) {
        this.process = process;
        this.orders = process.outputWriter();
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

    void order(String line) throws IOException {
        orders.write(line + "\n");
        orders.flush();
    }

    /** Waits for the next line, which must be this one. */
    void await(String line) throws IOException {
        String read = lines.readLine();
        if (!line.equals(read)) {
            throw new IllegalStateException("expected '" + line + "', but it wrote '" + read + "'");
        }
    }

    /** Kills it with SIGKILL, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends a signal such as {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start().waitFor();
    }

    /** Ends its input, and waits until it has ended by itself. */
    void end() throws IOException, InterruptedException {
        orders.close();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
