package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Listens for notifications on a connection and a thread of its own, until it is closed. A lost
 * connection is replaced; the consumer is then notified that it may have missed signals.
 */
// NullAway reads the annotations of the driver's packages, whose classes are not present: a
// warning.
@NullUnmarked
final class PostgresSignalListener implements AutoCloseable {

    /** How often an idle connection is checked. */
    private static final Duration LIVENESS_CHECK_INTERVAL = Duration.ofSeconds(10);

    /** How long one read waits. It does not query the database, so it may be short. */
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(250);

    private static final int LIVENESS_TIMEOUT_SECONDS = 5;
    private static final Duration MIN_PAUSE = Duration.ofMillis(50);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
    private static final System.Logger LOG = System.getLogger("dev.errand.jdbc.signals");

    private final DataSource dataSource;
    private final String channel;
    private final Consumer<String> onPayload;
    private final Runnable onMissed;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Connection connection;

    PostgresSignalListener(
            DataSource dataSource, String channel, Consumer<String> onPayload, Runnable onMissed) {
        this.dataSource = dataSource;
        this.channel = channel;
        this.onPayload = onPayload;
        this.onMissed = onMissed;
        this.thread = new Thread(this::work, "errand-signal-listener");
        thread.setDaemon(true);
    }

    /**
     * Checks that the PostgreSQL driver is present.
     *
     * @throws NoClassDefFoundError if it is not
     */
    static void requireDriver() {
        Objects.requireNonNull(PGConnection.class, "PGConnection");
    }

    void start() {
        thread.start();
    }

    private void work() {
        Duration pause = MIN_PAUSE;
        while (!isClosed()) {
            try (Connection lent = dataSource.getConnection()) {
                connection = lent;
                lent.setAutoCommit(true);
                execute(lent, "listen " + channel);
                pause = MIN_PAUSE;
                listen(lent);
            } catch (SQLException e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "the signal connection was lost and will be reopened",
                        e);
            } catch (RuntimeException | Error e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a signal listener failed; listening continues",
                        e);
            }
            pause = sleep(pause);
        }
    }

    private void listen(Connection lent) throws SQLException {
        try {
            onMissed.run();
            dispatch(lent);
        } catch (SQLException | RuntimeException | Error e) {
            stopListening(lent, e);
            throw e;
        }
        execute(lent, "unlisten " + channel);
    }

    private void dispatch(Connection lent) throws SQLException {
        PGConnection driver = lent.unwrap(PGConnection.class);
        long lastActivity = System.nanoTime();
        while (!isClosed()) {
            PGNotification[] notifications = driver.getNotifications((int) POLL_TIMEOUT.toMillis());
            if (notifications == null || notifications.length == 0) {
                if (System.nanoTime() - lastActivity > LIVENESS_CHECK_INTERVAL.toNanos()) {
                    requireAlive(lent);
                    lastActivity = System.nanoTime();
                }
                continue;
            }
            lastActivity = System.nanoTime();
            for (PGNotification notification : notifications) {
                onPayload.accept(notification.getParameter());
            }
        }
    }

    /**
     * Stops listening before the connection returns to the pool. On a broken connection the failure
     * of this statement makes the pool discard it.
     */
    private void stopListening(Connection lent, Throwable cause) {
        try {
            execute(lent, "unlisten " + channel);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void requireAlive(Connection lent) throws SQLException {
        if (!lent.isValid(LIVENESS_TIMEOUT_SECONDS)) {
            throw new SQLException("the connection is lost");
        }
    }

    private static void execute(Connection lent, String sql) throws SQLException {
        try (Statement statement = lent.createStatement()) {
            statement.execute(sql);
        }
    }

    private Duration sleep(Duration pause) {
        try {
            closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : doubled;
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Stops the thread. If it is blocked in the database, its connection is aborted. */
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(POLL_TIMEOUT.multipliedBy(4).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Connection used = connection;
        if (used != null && thread.isAlive()) {
            try {
                used.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "the connection of a signal listener could not be aborted",
                        e);
            }
        }
    }
}
