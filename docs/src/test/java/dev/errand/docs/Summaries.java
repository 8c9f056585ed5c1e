package dev.errand.docs;

import dev.errand.Errand;
import dev.errand.dispatch.Worker;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunStatus;
import java.time.Duration;

final class Summaries {

    /** Executes every queued run in this thread, and returns how many there were. */
    static int writeAll(Errand errand) {
        Worker worker =
                errand.worker(ProjectScope.everyProject(), "node-1", Duration.ofMinutes(10));
        return worker.workUntilIdle(
                claimed ->
                        UpdateRunRequest.builder()
                                .status(RunStatus.COMPLETED)
                                .output(JsonText.of("{\"summary\": \"All quiet.\"}"))
                                .build());
    }
}
