package dev.errand.testkit;

import static dev.errand.testkit.HistoryCheck.holds;

import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the nodes told of the runs: only what was committed, each change once, those that one node
 * tells of one run in order, and no second end (docs/invariants.md#i12). A node that dies, or that
 * never learns that its change was committed, tells nothing of it.
 */
final class EventCheck {

    private final List<RecordingListener> listeners = new ArrayList<>();

    /** The listener of one more node. */
    RecordingListener ofNewNode() {
        RecordingListener listener = new RecordingListener();
        listeners.add(listener);
        return listener;
    }

    /** Holds it, when all nodes are closed. */
    void verify(HistoryCheck history) {
        Set<Run> told = new HashSet<>();
        Set<RunId> ended = new HashSet<>();
        for (RecordingListener listener : listeners) {
            Map<RunId, Long> last = new HashMap<>();
            for (RunEvent event : listener.events()) {
                history.shown(event);
                if (event instanceof RunEvent.RunChanged change) {
                    Run run = change.run();
                    holds(told.add(run), "I12: told twice: " + run);
                    holds(history.of(run.id()).contains(run), "I12: never committed: " + run);
                    Long before = last.put(run.id(), run.version());
                    holds(before == null || before < run.version(), "I12: told late: " + run);
                    holds(!change.isEnd() || ended.add(run.id()), "I12: a second end: " + run);
                }
            }
        }
        history.verify();
    }
}
