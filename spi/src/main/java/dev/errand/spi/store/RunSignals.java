package dev.errand.spi.store;

import dev.errand.spi.run.RunId;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Notifications about runs between the nodes of one storage, so that they need not poll often.
 *
 * <p>A signal is only a hint. It can be late, repeated, spurious or lost, so a listener still polls
 * the storage from time to time. Thread-safe.
 */
public interface RunSignals {

    /**
     * Notifies the listeners of other nodes of a run. Called after the change that it announces was
     * committed; if that change was made in a transaction of the host, after the host has
     * committed. Does not block and does not throw.
     */
    void send(RunId run);

    /**
     * Calls a handler for each signal, until the subscription is closed.
     *
     * @param handler receives the run, or empty if signals may have been missed; also called once
     *     with empty when listening starts. Called by one thread at a time, and must return quickly
     */
    Subscription listen(Consumer<Optional<RunId>> handler);

    /** An active listener. */
    interface Subscription extends AutoCloseable {
        /** Ends the subscription. A call of the handler that has begun may continue. */
        @Override
        void close();
    }
}
