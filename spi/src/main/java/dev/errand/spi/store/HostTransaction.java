package dev.errand.spi.store;

/**
 * A transaction that the host began and will end, and in which the calls of the current thread take
 * part. Used by the thread of the transaction only.
 */
public interface HostTransaction {

    /**
     * Registers actions for the end of the transaction. One of them is called, once, by the thread
     * that ends the transaction: {@code committed} after the commit; {@code rolledBack} after the
     * transaction was rolled back, or if its outcome is unknown. An implementation that observes
     * savepoints calls {@code rolledBack} also after the rollback to a savepoint that was set
     * before the registration. Actions are called in the order in which they were registered. They
     * must not access the storage on that thread. An exception that an action throws is logged.
     */
    void afterCompletion(Runnable committed, Runnable rolledBack);

    /**
     * Registers an action that is called after the commit; see {@link #afterCompletion}. It is not
     * called if the transaction is rolled back.
     */
    default void afterCommit(Runnable action) {
        afterCompletion(action, () -> {});
    }
}
