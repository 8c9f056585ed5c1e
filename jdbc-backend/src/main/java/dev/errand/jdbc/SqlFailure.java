package dev.errand.jdbc;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a failure means for the operation: whether Errand repeats it, and which exception the caller
 * receives.
 *
 * <p>A failure is <i>undone</i> if the database has certainly not stored the operation. An
 * operation that failed in another way is repeated only if its commit was not sent yet. Failures
 * without {@code retryAfter} last until an operator intervenes.
 */
enum SqlFailure {
    // spotless:off
    //                   attempts  pause (ms)  undone  retry after (s)  message
    CONFLICT            (10,        10,        true,    1, "concurrent transactions conflicted"),
    LOCK_TIMEOUT        ( 2,        10,        true,    1, "a lock was not available in time"),
    STATEMENT_TIMEOUT   ( 1,         0,        true,    5, "a statement was cancelled or timed out"),
    CONNECTION_LOST     ( 3,       100,        false,   5, "the connection was lost"),
    CANNOT_CONNECT      ( 3,       100,        true,    5, "the database accepts no connection"),
    POOL_EXHAUSTED      ( 1,         0,        true,    1, "no connection was available in time"),
    OUT_OF_RESOURCES    ( 1,         0,        true,   10, "the database is out of disk space, memory or another resource"),
    OTHER_TRANSIENT     ( 1,         0,        false,   5, "the database is temporarily unavailable"),
    READ_ONLY           ( 1,         0,        true,    0, "the database is read-only; Errand needs a writable primary, not a replica"),
    SHARED_SESSION      ( 1,         0,        true,    0, "a prepared statement of the driver belongs to another session; behind a connection pooler in"
                                                             + " transaction mode add prepareThreshold=0 to the JDBC URL"),
    REJECTED            ( 1,         0,        true,    0, "the database rejected a statement");
    // spotless:on

    /** By SQLState, or by its class of two characters. A state precedes its class. */
    private static final Map<String, SqlFailure> BY_STATE = new HashMap<>();

    static {
        // spotless:off
        // SQL standard and PostgreSQL
        BY_STATE.put("08",    CONNECTION_LOST);
        BY_STATE.put("08001", CANNOT_CONNECT);   // unable to establish the connection
        BY_STATE.put("08004", CANNOT_CONNECT);   // the server rejected the connection
        BY_STATE.put("25006", READ_ONLY);
        BY_STATE.put("25P03", CONNECTION_LOST);  // idle_in_transaction_session_timeout
        BY_STATE.put("25P04", CONNECTION_LOST);  // transaction_timeout
        BY_STATE.put("26000", SHARED_SESSION);   // the prepared statement does not exist
        BY_STATE.put("40",    CONFLICT);         // 40001 serialization failure, 40P01 deadlock
        BY_STATE.put("40002", REJECTED);         // a deferred constraint is violated
        BY_STATE.put("40003", CONNECTION_LOST);  // statement completion unknown
        BY_STATE.put("42P05", SHARED_SESSION);   // the prepared statement exists already
        BY_STATE.put("53",    OUT_OF_RESOURCES); // 53100 disk full, 53200 out of memory
        BY_STATE.put("53300", CANNOT_CONNECT);   // too many connections
        BY_STATE.put("55P03", LOCK_TIMEOUT);     // lock_timeout, nowait
        BY_STATE.put("57014", STATEMENT_TIMEOUT);
        BY_STATE.put("57P01", CONNECTION_LOST);  // shutdown by an administrator
        BY_STATE.put("57P02", CONNECTION_LOST);  // crash of another backend process
        BY_STATE.put("57P03", CANNOT_CONNECT);   // starting up, shutting down or recovering
        BY_STATE.put("57P05", CONNECTION_LOST);  // idle_session_timeout
        // H2
        BY_STATE.put("90067", CONNECTION_LOST);  // connection broken
        BY_STATE.put("90097", READ_ONLY);
        BY_STATE.put("90098", CONNECTION_LOST);  // database closed
        BY_STATE.put("90108", OUT_OF_RESOURCES); // out of memory
        BY_STATE.put("90121", CONNECTION_LOST);  // database closed by the JVM's shutdown
        BY_STATE.put("90131", CONFLICT);         // concurrent update
        BY_STATE.put("HYT00", LOCK_TIMEOUT);
        // spotless:on
    }

    private final int attempts;
    private final Duration pause;
    private final boolean undone;
    private final Duration retryAfter;
    private final String message;

    SqlFailure(
            int attempts,
            int pauseInMillis,
            boolean undone,
            int retryAfterInSeconds,
            String message) {
        this.attempts = attempts;
        this.pause = Duration.ofMillis(pauseInMillis);
        this.undone = undone;
        this.retryAfter = Duration.ofSeconds(retryAfterInSeconds);
        this.message = message;
    }

    /** Classifies an exception by its SQLState, and by its type if the state is not listed. */
    static SqlFailure of(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        SqlFailure byState =
                Optional.ofNullable(BY_STATE.get(state))
                        .or(() -> Optional.ofNullable(BY_STATE.get(classOf(state))))
                        .orElse(REJECTED);
        if (failure instanceof SQLTransientConnectionException
                && (state.isEmpty() || byState != REJECTED)) {
            // A pool throws it after it has waited, with the state of its last attempt to connect.
            return POOL_EXHAUSTED;
        }
        boolean isTransient =
                failure instanceof SQLTransientException
                        || failure instanceof SQLRecoverableException;
        return byState == REJECTED && isTransient ? OTHER_TRANSIENT : byState;
    }

    private static String classOf(String state) {
        return state.length() == 5 ? state.substring(0, 2) : "";
    }

    /** Returns how often an operation is attempted in total if it keeps failing like this. */
    int attempts() {
        return attempts;
    }

    /** Returns the longest pause before the second attempt; it grows with each further attempt. */
    Duration pause() {
        return pause;
    }

    /** Returns whether the database has certainly not stored the operation. */
    boolean isUndone() {
        return undone;
    }

    /** Returns when the caller may try again, or empty if an operator must intervene. */
    Optional<Duration> retryAfter() {
        return retryAfter.isZero() ? Optional.empty() : Optional.of(retryAfter);
    }

    /** Returns the description for the message of the exception. */
    String message() {
        return message;
    }
}
