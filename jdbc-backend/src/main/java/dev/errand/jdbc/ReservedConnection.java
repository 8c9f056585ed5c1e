package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is opened when it is first used and kept until it is closed or lost. One call
 * at a time uses it. Thread-safe.
 */
final class ReservedConnection implements AutoCloseable {

    /** Opens a connection in autocommit mode. */
    @FunctionalInterface
    interface Opener {
        Connection open() throws SQLException;
    }

    private static final System.Logger LOG = System.getLogger("dev.errand.jdbc.transactions");

    private final Opener opener;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;

    ReservedConnection(Opener opener) {
        this.opener = opener;
    }

    /** Calls the callback, a second time on a new connection if it failed on a kept one. */
    <T> T use(ConnectionSource.Callback<T> callback) throws SQLException {
        lock.lock();
        try {
            Connection kept = connection;
            if (kept != null) {
                try {
                    return callback.apply(kept);
                } catch (SQLException e) {
                    discard();
                }
            }
            Connection opened = opener.open();
            connection = opened;
            try {
                return callback.apply(opened);
            } catch (SQLException e) {
                discard();
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    private void discard() {
        Connection discarded = connection;
        connection = null;
        if (discarded == null) {
            return;
        }
        try {
            discarded.close();
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.DEBUG, "a reserved connection could not be closed", e);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            discard();
        } finally {
            lock.unlock();
        }
    }
}
