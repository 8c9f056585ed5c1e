package dev.errand.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Shows a run's log while it is written, with the time that went by, until the run has ended. */
final class LiveLog {

    private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final TasksClient client;
    private final PrintStream out;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private int shown;

    LiveLog(TasksClient client, PrintStream out, boolean terminal) {
        this.client = client;
        this.out = out;
        this.terminal = terminal;
    }

    /** Shows until the end; the answer is the run as it ended. */
    JsonNode follow(String task, String run) throws IOException, InterruptedException {
        while (true) {
            JsonNode current = client.getRun(task, run);
            showNew(task, run);
            String status = current.path("status").asText();
            if (ENDS.contains(status)) {
                showNew(task, run);
                clearProgress();
                return current;
            }
            showProgress(status);
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void showNew(String task, String run) throws IOException, InterruptedException {
        for (JsonNode entry : client.log(task, run, shown)) {
            clearProgress();
            JsonNode params = entry.path("notification").path("params");
            String mark = params.path("level").asText().equals("error") ? "!" : "|";
            out.println("  " + mark + " " + params.path("message").asText(entry.toString()));
            shown++;
        }
    }

    private void showProgress(String status) {
        if (terminal) {
            out.printf("\r  … %s, %.1f s", status, elapsed().toMillis() / 1_000.0);
            out.flush();
        }
    }

    private void clearProgress() {
        if (terminal) {
            out.print("\r\u001b[K");
        }
    }
}
