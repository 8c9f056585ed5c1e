package dev.errand.jdbc;

import dev.errand.spi.PortException;
import dev.errand.spi.RetryTransactionException;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.store.HostTransaction;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunSignals;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.SecretStore;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.TaskStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/**
 * A {@link Backend} over a host's {@link DataSource}: PostgreSQL 14 or later for production, H2 2.x
 * for a single machine. Instances are thread-safe.
 *
 * <p><b>Connections.</b> Each operation borrows one connection from the data source and returns it
 * when it completes. Connections may be in autocommit mode or not.
 *
 * <p><b>Transactions.</b> Each port method runs in a transaction of its own, which the backend
 * begins and commits. A host can include calls in its own transaction in two ways: with {@link
 * Builder#joiningTransactions}, if a framework such as Spring manages transactions, or with {@link
 * #join(Connection)}. In a host transaction the backend neither commits nor rolls back. A call of
 * several statements that fails or is refused is rolled back to a savepoint, and the host ends the
 * transaction. A data source that returns a connection of a host transaction without one of the two
 * is rejected with an {@link IllegalStateException}.
 *
 * <p><b>H2 files.</b> If the URL contains {@code WRITE_DELAY=0}, a process that uses an H2 file can
 * be killed at any time without losing an acknowledged write. (By default H2 delays its writes and
 * may write in the middle of a transaction.) H2 alone does not guarantee this when several
 * connections write at the same time. The backend therefore executes its writing operations one at
 * a time, each including its commit; reads are concurrent. Open only one backend per file, because
 * the lock belongs to the backend. Operations in a host transaction do not take the lock: if a host
 * transaction commits or allocates a task number while anything else writes to the file, killing
 * the process at that moment can leave either write incomplete.
 *
 * <p><b>Time.</b> Leases, due times and expiry times are compared with {@link #clock()}. It is the
 * database's clock unless {@link Builder#clock(Clock)} sets another one.
 *
 * <p><b>Failures.</b> Port methods throw {@link PortException}. The exception is retryable if the
 * same call can succeed later: the connection failed, a lock or statement timed out, the database
 * lacks resources, or transactions conflicted. Otherwise it is permanent. The backend repeats an
 * operation itself if that can help and the database has certainly not stored it: after conflicts
 * at most nine times, after a lost connection at most twice. In a host transaction it repeats
 * nothing: a retryable failure is a {@link RetryTransactionException}, after which the host rolls
 * back and repeats its transaction.
 */
public final class JdbcBackend implements Backend {

    private static final System.Logger LOG = System.getLogger("dev.errand.jdbc");

    private final ConnectionSource connections;
    private final Clock clock;
    private final Set<BackendCapability> capabilities;
    private final Optional<PostgresSignals> signals;
    private final Optional<PostgresSignals> changeSignals;
    private final JdbcTaskStore tasks;
    private final JdbcRunStore runs;
    private final JdbcStagingStore staging;
    private final JdbcRunQueue queue;
    private final JdbcRunLog log;
    private final JdbcSecretStore secrets;
    private final JdbcConversationStore conversations;
    private final JdbcRetentionStore retention;

    private JdbcBackend(
            ConnectionSource connections,
            Database database,
            Clock clock,
            SecretCipher cipher,
            Set<BackendCapability> capabilities,
            Optional<PostgresSignals> signals,
            Optional<PostgresSignals> changeSignals) {
        this.connections = connections;
        this.signals = signals;
        this.changeSignals = changeSignals;
        this.clock = clock;
        this.capabilities = Set.copyOf(capabilities);
        QueueMarks marks = new QueueMarks();
        IdempotencyTable idempotency = new IdempotencyTable(database, clock);
        RunInserter inserter = new RunInserter(database);
        RunUpdater updater = new RunUpdater(database);
        tasks = new JdbcTaskStore(database, idempotency, marks);
        runs = new JdbcRunStore(database, idempotency, inserter, updater, marks, clock);
        staging = new JdbcStagingStore(database, clock);
        queue =
                switch (database.dialect()) {
                    case POSTGRESQL -> {
                        PostgresRunQueue postgres =
                                new PostgresRunQueue(database, updater, clock, marks);
                        signals.ifPresent(it -> it.onForeignSignal(postgres::signalled));
                        yield postgres;
                    }
                    case H2 -> new H2RunQueue(database, updater, clock);
                };
        log = new JdbcRunLog(database, idempotency, clock);
        secrets = new JdbcSecretStore(database, clock, cipher);
        conversations = new JdbcConversationStore(database, clock);
        retention = new JdbcRetentionStore(database, clock);
    }

    /**
     * Returns a builder for a backend over the given data source. The host remains the owner of the
     * data source and closes it after the backend.
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * Lets the calls of this thread take part in the transaction that the host has begun on the
     * given connection, until {@code committed()}, {@code rolledBack()} or {@code close()} is
     * called on the returned object. Every engine on this backend takes part. Changes become
     * visible to others, listeners receive events, and dispatchers are notified once the host has
     * committed.
     *
     * <p>Task numbers are allocated and the clock of the database is read in separate transactions,
     * on a connection of the data source that is reserved for this purpose from its first use until
     * {@link #close()}.
     *
     * @param connection a connection that is not in autocommit mode; it remains the host's
     * @throws IllegalArgumentException if the connection is in autocommit mode
     * @throws IllegalStateException if this thread already takes part in a transaction of the host
     */
    public JoinedTransaction join(Connection connection) {
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException(
                        "connection must be in a transaction, but is in autocommit mode;"
                                + " call setAutoCommit(false) before join(connection)");
            }
        } catch (SQLException e) {
            throw SqlExceptionTranslator.translate("JdbcBackend", e);
        }
        return connections.join(connection);
    }

    /** Returns the transaction of the host in which calls on the current thread take part. */
    @Override
    public Optional<HostTransaction> hostTransaction() {
        return connections.hostTransaction().map(Function.identity());
    }

    @Override
    public TaskStore tasks() {
        return tasks;
    }

    @Override
    public RunStore runs() {
        return runs;
    }

    @Override
    public StagingStore staging() {
        return staging;
    }

    @Override
    public RunQueue queue() {
        return queue;
    }

    @Override
    public RunLog log() {
        return log;
    }

    @Override
    public ConversationStore conversations() {
        return conversations;
    }

    @Override
    public SecretStore secrets() {
        return secrets;
    }

    @Override
    public RetentionStore retention() {
        return retention;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return capabilities;
    }

    /**
     * Returns the wake-up signals between nodes, or empty if {@link Builder#signalling()} was not
     * called or has no effect.
     */
    @Override
    public Optional<RunSignals> signals() {
        return signals.map(Function.identity());
    }

    /**
     * Returns the signals of changes between nodes, or empty if {@link Builder#signalling()} was
     * not called or has no effect.
     */
    @Override
    public Optional<RunSignals> changeSignals() {
        return changeSignals.map(Function.identity());
    }

    /**
     * Stops the threads of the signals, and returns their connections and the reserved one. Does
     * not close the data source.
     */
    @Override
    public void close() {
        signals.ifPresent(PostgresSignals::close);
        changeSignals.ifPresent(PostgresSignals::close);
        connections.close();
    }

    /** Builder for a {@link JdbcBackend}. Not thread-safe. */
    public static final class Builder {

        private final DataSource dataSource;
        private Optional<Clock> clock = Optional.empty();
        private Duration statementTimeout = Duration.ZERO;
        private LongConsumer pause = LockSupport::parkNanos;
        private Optional<SecretKeys> secretKeys = Optional.empty();
        private HostTransactions hostTransactions = dataSource -> Optional.empty();
        private boolean migrates;
        private boolean trigram;
        private boolean usesSignals;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * Sets the clock for leases, due times and expiry times. The default is the database's
         * clock. With another clock, the host must make sure that all nodes agree on the time.
         */
        public Builder clock(Clock clock) {
            this.clock = Optional.of(clock);
            return this;
        }

        /** Sets what waits for a number of nanoseconds before an operation is repeated. */
        Builder pause(LongConsumer nanos) {
            pause = nanos;
            return this;
        }

        /**
         * Sets the statement timeout. It is rounded down to whole seconds, but is at least one
         * second. The default, zero, sets no timeout and leaves it to the pool or the database.
         *
         * @param timeout zero or positive
         * @throws IllegalArgumentException if the timeout is negative
         */
        public Builder statementTimeout(Duration timeout) {
            if (timeout.isNegative()) {
                throw new IllegalArgumentException(
                        "statementTimeout must not be negative, but is " + timeout);
            }
            statementTimeout = timeout;
            return this;
        }

        /**
         * Sets the keys that encrypt the secrets of runs. Without keys, storing or reading a secret
         * fails with a permanent {@link PortException}.
         */
        public Builder secretKeys(SecretKeys keys) {
            secretKeys = Optional.of(keys);
            return this;
        }

        /**
         * Lets calls take part in the transactions of the host. A call of a thread that has no
         * transaction of the host commits its own. Spring: {@code new SpringTransactions()} of the
         * module {@code errand-spring-transactions}.
         *
         * <p>Task numbers are allocated and the clock of the database is read in separate
         * transactions, on a connection of the data source that is reserved for this purpose from
         * its first use until {@link JdbcBackend#close()}.
         *
         * @param transactions finds the transaction of the current thread
         */
        public Builder joiningTransactions(HostTransactions transactions) {
            hostTransactions = Objects.requireNonNull(transactions, "transactions");
            return this;
        }

        /**
         * Runs the missing schema migrations in {@link #open()}. Requires Flyway: {@code
         * org.flywaydb:flyway-core} and, for PostgreSQL, {@code
         * org.flywaydb:flyway-database-postgresql}. Flyway uses a second connection at the same
         * time.
         */
        public Builder migrate() {
            migrates = true;
            return this;
        }

        /**
         * Makes {@link #migrate()} also create a trigram index for the search filter on PostgreSQL.
         * The database user must be allowed to create the extensions {@code pg_trgm} and {@code
         * btree_gin}.
         */
        public Builder withTrigramSearch() {
            trigram = true;
            return this;
        }

        /**
         * Enables wake-up signals between nodes through PostgreSQL's LISTEN and NOTIFY, so that a
         * dispatcher starts a run that another node queued without waiting for its next poll, and a
         * watched run shows at once what another node stored. Requires the PostgreSQL driver
         * ({@code org.postgresql:postgresql}). Each listener uses one thread and one connection of
         * the data source: each started dispatcher and worker pool, and each engine while runs are
         * watched. Sending uses two threads, which end when they are idle. Has no effect on H2 and
         * behind a connection pooler in transaction mode.
         */
        public Builder signalling() {
            usesSignals = true;
            return this;
        }

        /**
         * Opens the backend.
         *
         * <p>This checks the database and its connections, and refuses those with which changes
         * could be lost or damaged. If the database is behind a connection pooler, the checks use a
         * second connection at the same time.
         *
         * @throws PortException if the database cannot be reached, is neither PostgreSQL nor H2, is
         *     read-only, does not have the schema version that this release needs, has another
         *     encoding than UTF-8, has {@code standard_conforming_strings} off, or is behind a
         *     connection pooler in transaction mode while the driver prepares statements; the
         *     message says what was found and what to do
         * @throws IllegalStateException if the data source returns a connection that is part of a
         *     transaction of the host
         */
        public JdbcBackend open() {
            ConnectionSource connections = new ConnectionSource(dataSource, hostTransactions);
            Dialect dialect = dialect(connections);
            EnvironmentCheck.Result environment =
                    new EnvironmentCheck(connections, dialect, Clock.systemUTC()).run();
            if (migrates) {
                migrate(dialect);
            }
            Database database =
                    new Database(
                            connections,
                            dialect,
                            statementTimeout,
                            environment.setsIsolation(),
                            pause);
            Schema.validate(database);
            boolean sendsSignals =
                    usesSignals && dialect == Dialect.POSTGRESQL && canSignal(environment);
            return new JdbcBackend(
                    connections,
                    database,
                    clock.orElseGet(() -> new DatabaseClock(database)),
                    new SecretCipher(secretKeys),
                    capabilities(connections, dialect),
                    sendsSignals
                            ? Optional.of(signals(database, PostgresSignals.QUEUE_CHANNEL))
                            : Optional.empty(),
                    sendsSignals
                            ? Optional.of(signals(database, PostgresSignals.CHANGE_CHANNEL))
                            : Optional.empty());
        }

        private PostgresSignals signals(Database database, String channel) {
            return new PostgresSignals(dataSource, database, channel);
        }

        private static boolean canSignal(EnvironmentCheck.Result environment) {
            if (environment.sharesSessions()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "signals are off, because LISTEN does not work through a connection pooler"
                                + " in transaction mode; dispatchers find queued runs by polling");
                return false;
            }
            try {
                PostgresSignalListener.requireDriver();
                return true;
            } catch (NoClassDefFoundError e) {
                throw PortException.permanent(
                        "JdbcBackend",
                        "signalling() requires org.postgresql:postgresql on the class path",
                        e);
            }
        }

        private void migrate(Dialect dialect) {
            try {
                Migrations.run(dataSource, dialect, trigram);
            } catch (NoClassDefFoundError e) {
                throw PortException.permanent(
                        "JdbcBackend",
                        "migrate() requires org.flywaydb:flyway-core on the class path",
                        e);
            } catch (RuntimeException e) {
                throw PortException.permanent("JdbcBackend", "a schema migration failed", e);
            }
        }

        private static Dialect dialect(ConnectionSource connections) {
            try {
                return connections.use(Dialect::of);
            } catch (SQLException e) {
                throw SqlExceptionTranslator.translate("JdbcBackend", e);
            }
        }

        /** PostgreSQL has every capability; those of H2 depend on its URL. */
        private static Set<BackendCapability> capabilities(
                ConnectionSource connections, Dialect dialect) {
            if (dialect == Dialect.POSTGRESQL) {
                return EnumSet.allOf(BackendCapability.class);
            }
            try {
                String url = connections.use(connection -> connection.getMetaData().getURL());
                Set<BackendCapability> capabilities = EnumSet.noneOf(BackendCapability.class);
                if (!url.startsWith("jdbc:h2:mem:")) {
                    capabilities.add(BackendCapability.DURABLE);
                }
                if (url.startsWith("jdbc:h2:tcp:") || url.startsWith("jdbc:h2:ssl:")) {
                    capabilities.add(BackendCapability.SHARED);
                }
                return capabilities;
            } catch (SQLException e) {
                throw SqlExceptionTranslator.translate("JdbcBackend", e);
            }
        }
    }
}
