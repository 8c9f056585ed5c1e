package dev.errand.docs;

import dev.errand.Errand;
import dev.errand.dispatch.WorkContext;
import dev.errand.dispatch.WorkerPool;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.RunStatus;
import java.time.Duration;

final class Summaries {

    /** Returns a pool that executes eight runs at a time. The host starts it and closes it. */
    static WorkerPool pool(Errand errand) {
        return errand.workerPool(Summaries::write)
                .size(8)
                .timeLimit(Duration.ofMinutes(10))
                .build();
    }

    private static UpdateRunRequest write(WorkContext context) {
        String summary = "Run %s: all quiet.".formatted(context.run().id());
        return UpdateRunRequest.builder()
                .status(RunStatus.COMPLETED)
                .output(JsonText.of("{\"summary\": \"" + summary + "\"}"))
                .build();
    }
}
