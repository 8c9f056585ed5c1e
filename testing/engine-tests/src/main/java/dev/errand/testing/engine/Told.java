package dev.errand.testing.engine;

import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Remembers what it was told; to be read once the engine is closed, which has told everything then.
 */
final class Told implements RunListener {

    private final List<RunEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(RunEvent event) {
        events.add(event);
    }

    /** Forgets everything. */
    void clear() {
        events.clear();
    }

    /** Everything, in the order it was told. */
    List<RunEvent> events() {
        return events;
    }

    /** What was told of one run. */
    List<RunEvent.RunChanged> changesOf(RunId run) {
        return events.stream()
                .filter(RunEvent.RunChanged.class::isInstance)
                .map(RunEvent.RunChanged.class::cast)
                .filter(change -> change.run().id().equals(run))
                .toList();
    }

    /** The versions of one run, as they were told. */
    List<Run> versionsOf(RunId run) {
        return changesOf(run).stream().map(RunEvent.RunChanged::run).toList();
    }
}
