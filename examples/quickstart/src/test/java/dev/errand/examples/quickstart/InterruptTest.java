package dev.errand.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in its own process, stopped by Ctrl-C. */
class InterruptTest {

    private static final int SIGINT = 2;

    @TempDir private Path directory;

    @Test
    void interruptCancelsTheRunAndStopsItsAgent() throws Exception {
        assumeThat(isInterruptIgnored())
                .as("SIGINT is ignored because the build was started in the background")
                .isFalse();
        assertThat(
                        new ProcessBuilder("git", "init", "--quiet", directory.toString())
                                .start()
                                .waitFor())
                .isZero();
        Process quickstart =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Quickstart.class.getName(),
                                "--repository=" + directory,
                                "--results=" + directory.resolve("results"),
                                "--",
                                "sh",
                                "-c",
                                "echo pid $$; exec sleep 600")
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader out = quickstart.inputReader()) {
            long agent = agentIn(out);

            assertThat(interrupt(quickstart)).isZero();
            String rest = out.lines().collect(Collectors.joining("\n"));

            assertThat(quickstart.waitFor(60, TimeUnit.SECONDS)).as(rest).isTrue();
            assertThat(quickstart.exitValue()).as(rest).isEqualTo(130);
            assertThat(rest).contains("cancelling", "status  cancelled");
            assertThat(ProcessHandle.of(agent).filter(ProcessHandle::isAlive)).isEmpty();
        } finally {
            quickstart.destroyForcibly();
        }
        assertThat(Files.exists(directory.resolve("results"))).isTrue();
    }

    private static long agentIn(BufferedReader out) throws Exception {
        StringBuilder output = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            output.append(line).append('\n');
            if (line.contains("| pid ")) {
                return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        throw new AssertionError("the agent did not start:\n" + output);
    }

    /** Children inherit an ignored signal, and a JVM then installs no handler. */
    private static boolean isInterruptIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .anyMatch(ignored -> (ignored & 1L << SIGINT - 1) != 0);
        }
    }

    private static int interrupt(Process process) throws Exception {
        List<String> kill = List.of("kill", "-INT", Long.toString(process.pid()));
        return new ProcessBuilder(kill).start().waitFor();
    }
}
