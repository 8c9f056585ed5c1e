package dev.errand.jdbc;

import dev.errand.spi.store.HostTransaction;
import java.util.ArrayList;
import java.util.List;

/**
 * The actions that were registered with a {@link HostTransaction}; for implementations of {@link
 * HostTransactions}. Not thread-safe.
 */
public final class CompletionActions {

    private static final System.Logger LOG = System.getLogger("dev.errand.jdbc.transactions");

    private record Action(Runnable committed, Runnable rolledBack) {}

    private final List<Action> actions = new ArrayList<>();

    /** Creates an empty list of actions. */
    public CompletionActions() {}

    /** Adds actions; see {@link HostTransaction#afterCompletion}. */
    public void add(Runnable committed, Runnable rolledBack) {
        actions.add(new Action(committed, rolledBack));
    }

    /** Returns the number of registered actions that have not been called. */
    public int size() {
        return actions.size();
    }

    /** Calls and removes the actions for a commit. */
    public void commit() {
        callFrom(0, true);
    }

    /** Calls and removes the actions for a rollback. */
    public void rollBack() {
        rollBackTo(0);
    }

    /**
     * Calls and removes the actions for a rollback to a savepoint.
     *
     * @param size the {@link #size} when the savepoint was set
     */
    public void rollBackTo(int size) {
        callFrom(size, false);
    }

    private void callFrom(int first, boolean committed) {
        List<Action> tail = actions.subList(Math.min(first, actions.size()), actions.size());
        List<Action> ended = List.copyOf(tail);
        tail.clear();
        for (Action action : ended) {
            try {
                (committed ? action.committed() : action.rolledBack()).run();
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "an action after the end of a transaction of the host failed",
                        e);
            }
        }
    }
}
