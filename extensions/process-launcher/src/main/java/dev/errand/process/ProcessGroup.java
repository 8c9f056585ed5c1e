package dev.errand.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What Java has no call for: one signal to a whole process group, which no fork can slip through.
 */
final class ProcessGroup {

    private static final String KILL = "kill -s KILL -- \"-$1\" 2> /dev/null";
    private static final int MAX_SECONDS = 2;

    private ProcessGroup() {}

    /** Ends a group by force; one that is not there is no failure. Takes some milliseconds. */
    static void force(long leader) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        AgentStart.SHELL.toString(),
                        "-c",
                        KILL,
                        "errand-sandbox",
                        Long.toString(leader));
        builder.environment().clear();
        Process kill =
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            kill.waitFor(MAX_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
