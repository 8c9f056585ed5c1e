package dev.errand.http;

import dev.errand.run.Runs;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The logs of some runs of a task one after the other, an entry a line (contract I7).
 *
 * @param runs reads them
 * @param task the task
 * @param chain the runs, in the order to write them
 */
record LogText(Runs runs, TaskId task, List<RunId> chain) {

    /** Writes the lines, each as soon as its page was read. */
    void writeTo(OutputStream out) throws IOException {
        for (RunId run : chain) {
            LogPages.read(
                    runs,
                    task,
                    run,
                    0,
                    line -> {
                        out.write(line.json().text().getBytes(StandardCharsets.UTF_8));
                        out.write('\n');
                        return true;
                    });
        }
    }
}
