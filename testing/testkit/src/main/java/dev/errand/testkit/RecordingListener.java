package dev.errand.testkit;

import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.run.RunStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Remembers everything that it was told. Thread-safe. */
public final class RecordingListener implements RunListener {

    private final List<RunEvent> events = new CopyOnWriteArrayList<>();

    /** One that was told nothing yet. */
    public RecordingListener() {}

    @Override
    public void onEvent(RunEvent event) {
        events.add(event);
    }

    /** Everything, in the order it was told. */
    public List<RunEvent> events() {
        return List.copyOf(events);
    }

    /** What was told of one run, in order. */
    public List<RunEvent.RunChanged> changesOf(RunId run) {
        return events.stream()
                .filter(RunEvent.RunChanged.class::isInstance)
                .map(RunEvent.RunChanged.class::cast)
                .filter(change -> change.run().id().equals(run))
                .toList();
    }

    /** The statuses that a run went through, each once for every time it came there. */
    public List<RunStatus> statusesOf(RunId run) {
        List<RunStatus> statuses =
                changesOf(run).stream().map(RunEvent.RunChanged::run).map(Run::status).toList();
        return IntStream.range(0, statuses.size())
                .filter(i -> i == 0 || statuses.get(i) != statuses.get(i - 1))
                .mapToObj(statuses::get)
                .toList();
    }

    /** Forgets everything. */
    public void clear() {
        events.clear();
    }
}
