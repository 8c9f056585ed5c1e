package dev.errand.spi.dispatch;

import dev.errand.spi.run.RunId;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * With which the nodes of one storage tell each other that there is something to do, so that nobody
 * has to ask often. A signal is a hint: it may come late, more than once, for nothing, or never.
 * What holds is {@link RunQueue}; whoever listens looks there now and then as well. Thread-safe.
 */
public interface QueueSignals {

    /**
     * Tells those who listen through other backends of a run that was queued, or that is to be
     * stopped. To be called once that is stored. Waits for nobody and does not fail; but within a
     * transaction of the host it is a part of that, and told when that is committed.
     */
    void send(RunId run);

    /**
     * Listens until the answer is closed.
     *
     * @param told told of each run; of none where something may have been missed, and once as soon
     *     as it listens; called by one thread at a time, and to be quick
     */
    Subscription listen(Consumer<Optional<RunId>> told);

    /** Somebody listens. */
    interface Subscription extends AutoCloseable {
        /** Ends it; what is being told may still arrive. */
        @Override
        void close();
    }
}
