package dev.errand.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Shows the log of a run with the elapsed time until the run has ended. */
final class LogFollower {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String SPINNER = "|/-\\";

    private final TasksClient client;
    private final TerminalOutput terminal;
    private final long start = System.nanoTime();
    private String status = "";
    private int shown;
    private int frame;

    LogFollower(TasksClient client, TerminalOutput terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    /** Shows the log and returns the ended run. */
    JsonNode follow(String task, String run) throws IOException, InterruptedException {
        while (true) {
            // The run is read first: once it has ended, its log is complete.
            JsonNode current = client.getRun(task, run);
            showNew(task, run);
            if (current.path("completed_at").isTextual()) {
                terminal.clearProgress();
                return current;
            }
            showProgress(current.path("status").asText());
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void showNew(String task, String run) throws IOException, InterruptedException {
        JsonNode page = client.log(task, run, shown);
        while (!page.isEmpty()) {
            for (JsonNode entry : page) {
                LogLine.of(entry).ifPresent(terminal::line);
            }
            shown += page.size();
            page = client.log(task, run, shown);
        }
    }

    private void showProgress(String now) {
        if (!now.equals(status)) {
            status = now;
            terminal.line("the run is " + now);
        }
        char spinner = SPINNER.charAt(frame++ % SPINNER.length());
        double seconds = elapsed().toMillis() / 1_000.0;
        terminal.progress(String.format(Locale.ROOT, "  %c %s, %.1f s", spinner, now, seconds));
    }
}
