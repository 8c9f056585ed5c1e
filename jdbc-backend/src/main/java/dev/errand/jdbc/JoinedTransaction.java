package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A transaction on a connection of the host, in which the calls of one thread take part; see {@link
 * JdbcBackend#join}. The host commits or rolls back on its connection and then calls {@link
 * #committed} or {@link #rolledBack}:
 *
 * <pre>{@code
 * try (JoinedTransaction transaction = backend.join(connection)) {
 *     ... // statements of the host, calls of Errand
 *     connection.commit();
 *     transaction.committed();
 * } catch (SQLException | RuntimeException failure) {
 *     connection.rollback();
 *     throw failure;
 * }
 * }</pre>
 *
 * <p>If the host rolls back to a savepoint that it set before a call of Errand, the events of that
 * call are nevertheless delivered by {@link #committed}, although its changes were rolled back.
 *
 * <p>All methods must be called by the thread that called {@code join}.
 */
public final class JoinedTransaction implements JdbcHostTransaction, AutoCloseable {

    private static final System.Logger LOG = System.getLogger("dev.errand.jdbc.transactions");

    private final Connection connection;
    private final ThreadLocal<JoinedTransaction> current;
    private final CompletionActions actions = new CompletionActions();

    /** Creates a transaction, which becomes the current one of this thread until it ends. */
    JoinedTransaction(Connection connection, ThreadLocal<JoinedTransaction> current) {
        this.connection = connection;
        this.current = current;
        current.set(this);
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public void afterCompletion(Runnable committed, Runnable rolledBack) {
        actions.add(committed, rolledBack);
    }

    /**
     * Reports that the host has committed: listeners receive the events of the transaction, and
     * dispatchers are notified of its runs. Later calls of this thread do not take part in a
     * transaction of the host.
     *
     * @throws IllegalStateException if the connection has uncommitted changes, if the transaction
     *     was reported as ended before, or if another thread began it
     */
    public void committed() {
        requireCurrent();
        if (hasOpenTransaction()) {
            throw new IllegalStateException(
                    "the connection has an open transaction; call committed() after"
                            + " connection.commit()");
        }
        current.remove();
        actions.commit();
    }

    /**
     * Reports that the host has rolled back: the events of the transaction are discarded. Later
     * calls of this thread do not take part in a transaction of the host.
     *
     * @throws IllegalStateException if the transaction was reported as ended before, or if another
     *     thread began it
     */
    public void rolledBack() {
        requireCurrent();
        current.remove();
        actions.rollBack();
    }

    /**
     * Does nothing after {@link #committed} or {@link #rolledBack}. Otherwise has the effect of
     * {@code rolledBack}. The connection is not changed.
     */
    @Override
    public void close() {
        if (current.get() != this) {
            return;
        }
        if (actions.size() > 0 && !hasOpenTransaction()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a joined transaction ended without a call of committed() or rolledBack(); its"
                            + " events and wake-ups are discarded");
        }
        rolledBack();
    }

    private void requireCurrent() {
        if (current.get() != this) {
            throw new IllegalStateException(
                    "this is not the joined transaction of the current thread: it has ended, or"
                            + " another thread began it");
        }
    }

    private boolean hasOpenTransaction() {
        try {
            return !connection.isClosed()
                    && !connection.getAutoCommit()
                    && OpenTransactions.isOpen(connection);
        } catch (SQLException e) {
            throw SqlExceptionTranslator.translate("JoinedTransaction", e);
        }
    }
}
