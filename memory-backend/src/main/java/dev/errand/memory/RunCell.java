package dev.errand.memory;

import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

/**
 * The one place where a run stands. Every change is a compare-and-set from the {@link Stand} that
 * it was decided upon, so that of two changes of one stand exactly one happens.
 */
final class RunCell {

    private static final AtomicReferenceFieldUpdater<RunCell, Stand> STAND =
            AtomicReferenceFieldUpdater.newUpdater(RunCell.class, Stand.class, "stand");

    private final RunId id;
    private volatile Stand stand;

    RunCell(Stand first) {
        id = first.run().id();
        stand = first;
    }

    /** Whose cell this is. */
    RunId id() {
        return id;
    }

    /** The run as it stands. */
    Run run() {
        return stand.run();
    }

    /** The run and the right to act on it, as they stand. */
    Stand stand() {
        return stand;
    }

    /** Replaces exactly this stand; false if another came first. */
    boolean replace(Stand expected, Stand next) {
        return STAND.compareAndSet(this, expected, next);
    }
}
