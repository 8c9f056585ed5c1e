package dev.errand.internal.engine;

import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.HostTransaction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Passes on the events of each run in order. An event of a host transaction is held until that
 * transaction ends. Later events of the same run wait behind it, because another thread can commit
 * its change between the host's commit and the callback that reports it. Thread-safe.
 */
final class EventSequence {

    private final Consumer<RunEvent> receiver;
    private final Map<RunId, Deque<Entry>> waiting = new HashMap<>();

    /** An event that waits, or that an earlier one delays. */
    private static final class Entry {
        private final RunEvent event;
        private Status status;

        Entry(RunEvent event, Status status) {
            this.event = event;
            this.status = status;
        }
    }

    private enum Status {
        HELD,
        COMMITTED,
        ROLLED_BACK
    }

    /**
     * Creates a sequence.
     *
     * @param receiver called under a lock; must not block
     */
    EventSequence(Consumer<RunEvent> receiver) {
        this.receiver = receiver;
    }

    /** Adds the event of a committed change. */
    void add(RunEvent event) {
        add(new Entry(event, Status.COMMITTED));
    }

    /** Adds the event of a change that the transaction commits or rolls back. */
    void addHeld(RunEvent event, HostTransaction transaction) {
        Entry entry = new Entry(event, Status.HELD);
        add(entry);
        transaction.afterCompletion(
                () -> complete(entry, Status.COMMITTED), () -> complete(entry, Status.ROLLED_BACK));
    }

    private synchronized void add(Entry entry) {
        Optional<RunId> run = runOf(entry.event);
        if (run.isEmpty() || entry.status != Status.HELD && !waiting.containsKey(run.get())) {
            passOn(entry);
        } else {
            waiting.computeIfAbsent(run.get(), any -> new ArrayDeque<>()).add(entry);
        }
    }

    private synchronized void complete(Entry entry, Status status) {
        entry.status = status;
        Optional<RunId> run = runOf(entry.event);
        if (run.isEmpty()) {
            passOn(entry);
            return;
        }
        // Contains at least this entry, which was held until now.
        Deque<Entry> entries = Objects.requireNonNull(waiting.get(run.get()));
        while (!entries.isEmpty() && entries.element().status != Status.HELD) {
            passOn(entries.remove());
        }
        if (entries.isEmpty()) {
            waiting.remove(run.get());
        }
    }

    private void passOn(Entry entry) {
        if (entry.status == Status.COMMITTED) {
            receiver.accept(entry.event);
        }
    }

    /** Events of tasks need no order relative to others. */
    private static Optional<RunId> runOf(RunEvent event) {
        return event instanceof RunEvent.RunChanged change
                ? Optional.of(change.run().id())
                : Optional.empty();
    }
}
