package dev.errand.http;

import dev.errand.run.Runs;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.task.TaskId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The logs of several runs of a task, concatenated, one entry per line (docs/wire/logs.md#i7).
 *
 * @param runs reads the logs
 * @param task the task
 * @param chain the runs in order
 */
record LogLines(Runs runs, TaskId task, List<RunId> chain) {

    /** Writes the lines while the logs are read page by page. */
    void writeTo(OutputStream out) throws IOException {
        for (RunId run : chain) {
            LogPages.read(
                    runs,
                    task,
                    run,
                    LogFilter.ALL,
                    0,
                    Long.MAX_VALUE,
                    line -> {
                        out.write(line.json().text().getBytes(StandardCharsets.UTF_8));
                        out.write('\n');
                    });
        }
    }
}
