package dev.errand.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Signals a whole process group, for which Java has no API. A signal to the group also reaches
 * processes that are being forked.
 */
final class ProcessGroup {

    private static final String KILL = "kill -s KILL -- \"-$1\" 2> /dev/null";
    private static final int MAX_SECONDS = 2;

    private ProcessGroup() {}

    /**
     * Sends SIGKILL to a process group. Does nothing if the group does not exist. Takes some
     * milliseconds.
     */
    static void kill(long leader) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        AgentProcessStarter.SHELL.toString(),
                        "-c",
                        KILL,
                        "errand-sandbox",
                        Long.toString(leader));
        builder.environment().clear();
        Process process =
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            process.waitFor(MAX_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
