package dev.errand.docs;

import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Collects the runs that have ended, for another thread to process. */
final class EndedRuns implements RunListener {
    private final Queue<Run> runs = new ConcurrentLinkedQueue<>();

    @Override
    public void onEvent(RunEvent event) {
        if (event instanceof RunEvent.RunChanged change && change.isEnd()) {
            runs.add(change.run());
        }
    }

    Queue<Run> runs() {
        return runs;
    }
}
