package dev.errand.spi.store;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/**
 * A storage backend: gives access to its ports. Thread-safe; the ports are valid until the backend
 * is closed.
 */
public interface Backend extends AutoCloseable {

    /** Returns the store of tasks. */
    TaskStore tasks();

    /** Returns the store of runs. */
    RunStore runs();

    /** Returns the store of reservations and staged artifacts. */
    StagingStore staging();

    /** Returns the queue of runs that need dispatcher action. */
    RunQueue queue();

    /** Returns the store of logs. */
    RunLog log();

    /** Returns the store of secrets. */
    SecretStore secrets();

    /** Returns the store of conversations. */
    ConversationStore conversations();

    /** Returns the operations that erase data. */
    RetentionStore retention();

    /**
     * Returns the signals by which nodes notify each other of runs that were queued or must be
     * stopped. Empty, which is the default, if nodes can only poll the queue.
     */
    default Optional<RunSignals> signals() {
        return Optional.empty();
    }

    /**
     * Returns the signals by which nodes notify each other of every change of a run and every
     * append to its log. Empty, which is the default, if nodes can only poll.
     */
    default Optional<RunSignals> changeSignals() {
        return Optional.empty();
    }

    /**
     * Returns the transaction of the host in which calls on the current thread take part. Empty,
     * which is the default, if each call has a transaction of its own.
     */
    default Optional<HostTransaction> hostTransaction() {
        return Optional.empty();
    }

    /** Returns the clock that decides expiry of leases and data, and when runs are due. */
    Clock clock();

    /** Returns the optional guarantees that this backend gives. */
    Set<BackendCapability> capabilities();

    /** Releases the resources that the backend opened. */
    @Override
    void close();
}
