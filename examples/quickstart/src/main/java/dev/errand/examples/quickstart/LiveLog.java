package dev.errand.examples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Shows a run's log while it is written, with the time that went by, until the run has ended. */
final class LiveLog {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final String SPINNER = "|/-\\";

    private final TasksClient client;
    private final Screen screen;
    private final long start = System.nanoTime();
    private String status = "";
    private int shown;
    private int turns;

    LiveLog(TasksClient client, Screen screen) {
        this.client = client;
        this.screen = screen;
    }

    /** Shows until the end; the answer is the run as it ended. */
    JsonNode follow(String task, String run) throws IOException, InterruptedException {
        while (true) {
            // The run first: once it has ended, all of its log is there.
            JsonNode current = client.getRun(task, run);
            showNew(task, run);
            if (current.path("completed_at").isTextual()) {
                screen.rest();
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
                JsonNode params = entry.path("notification").path("params");
                String mark = params.path("level").asText().equals("error") ? "!" : "|";
                screen.line("  " + mark + " " + params.path("message").asText(entry.toString()));
            }
            shown += page.size();
            page = client.log(task, run, shown);
        }
    }

    private void showProgress(String now) {
        if (!now.equals(status)) {
            status = now;
            screen.line("the run is " + now);
        }
        char turn = SPINNER.charAt(turns++ % SPINNER.length());
        double seconds = elapsed().toMillis() / 1_000.0;
        screen.move(String.format(Locale.ROOT, "  %c %s, %.1f s", turn, now, seconds));
    }
}
