package dev.errand.testkit;

import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.run.RunStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A run listener that records all events. Thread-safe. */
public final class RecordingListener implements RunListener {

    private final List<RunEvent> events = new CopyOnWriteArrayList<>();

    /** Creates a listener without events. */
    public RecordingListener() {}

    @Override
    public void onEvent(RunEvent event) {
        events.add(event);
    }

    /** Returns all events in the order of their delivery. */
    public List<RunEvent> events() {
        return List.copyOf(events);
    }

    /** Returns the changes of one run in the order of their delivery. */
    public List<RunEvent.RunChanged> changesOf(RunId run) {
        return events.stream()
                .filter(RunEvent.RunChanged.class::isInstance)
                .map(RunEvent.RunChanged.class::cast)
                .filter(change -> change.run().id().equals(run))
                .toList();
    }

    /** Returns the versions of a run in the order of their delivery. */
    public List<Run> versionsOf(RunId run) {
        return changesOf(run).stream().map(RunEvent.RunChanged::run).toList();
    }

    /** Returns the statuses of a run in order, without immediate repetitions. */
    public List<RunStatus> statusesOf(RunId run) {
        List<RunStatus> statuses = versionsOf(run).stream().map(Run::status).toList();
        return IntStream.range(0, statuses.size())
                .filter(i -> i == 0 || statuses.get(i) != statuses.get(i - 1))
                .mapToObj(statuses::get)
                .toList();
    }

    /** Removes all events. */
    public void clear() {
        events.clear();
    }
}
