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
 * Checks the events delivered by all nodes: only committed changes, each at most once, those of one
 * run and node in order, and at most one end (docs/invariants.md#i12). A change may have no event
 * if its node crashed or did not learn that the change was committed.
 */
final class EventCheck {

    private final List<RecordingListener> listeners = new ArrayList<>();

    /** Returns the listener for another node. */
    RecordingListener ofNewNode() {
        RecordingListener listener = new RecordingListener();
        listeners.add(listener);
        return listener;
    }

    /** Checks the events. Called after all nodes are closed. */
    void verify(HistoryCheck history) {
        Set<Run> delivered = new HashSet<>();
        for (RecordingListener listener : listeners) {
            Map<RunId, Long> last = new HashMap<>();
            for (RunEvent event : listener.events()) {
                history.shown(event);
                if (event instanceof RunEvent.RunChanged change) {
                    Run run = change.run();
                    holds(delivered.add(run), "I12: delivered twice: " + run);
                    holds(history.of(run.id()).contains(run), "I12: never committed: " + run);
                    Long before = last.put(run.id(), run.version());
                    holds(
                            before == null || before < run.version(),
                            "I12: delivered out of order: " + run);
                    holds(
                            !change.isEnd() || endsIn(history.of(run.id()), run),
                            "I12: had ended before: " + run);
                }
            }
        }
        history.verify();
    }

    /** Whether the version before this one had not ended. A restarted run ends again. */
    private static boolean endsIn(List<Run> versions, Run run) {
        int before = (int) run.version() - 2;
        return before < 0 || !versions.get(before).status().isTerminal();
    }
}
