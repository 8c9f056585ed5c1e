package dev.errand.jdbc;

import dev.errand.spi.Backend;
import dev.errand.spi.BackendCapability;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.StagingStore;
import dev.errand.spi.dispatch.QueueSignals;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.run.SecretStore;
import dev.errand.spi.task.TaskStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * All storage ports on a host's {@link DataSource}: PostgreSQL 13 and later for production, H2 2.x
 * for one machine. Thread-safe; it owns no thread and no connection.
 *
 * <p><b>Connections</b> are taken from the data source for one step and given back. Pools with and
 * without autocommit are both fine.
 *
 * <p><b>Transactions</b>: each method of a port is one of its own, begun and committed here, unless
 * the host says otherwise in one of two ways. {@link Builder#joiningTransactions()} says that the
 * data source hands out the connection of a running transaction (as Spring's {@code
 * TransactionAwareDataSourceProxy} does), and {@link #within(Connection)} takes such a connection
 * itself. Then nothing is committed or rolled back here; a step that fails is undone to its
 * savepoint, and the host decides about the whole.
 *
 * <p><b>H2 in a file</b> can be killed at any time, if its URL has {@code WRITE_DELAY=0}: what was
 * acknowledged is there when it is opened again. (With a delay, which H2 has by default, it writes
 * later and between the steps of a transaction.) H2 alone does not see to that when several
 * connections write, so writing steps take turns here, each with its commit, while reads go on. The
 * turns are those of one backend and what it gives out: use one for a file, and note that a
 * transaction of the host, its own or one that is joined, takes no turn. If it commits, or is
 * committed beside, while something else is written to the same file, a kill at that moment can
 * leave a part of what was written, of either.
 *
 * <p><b>Time</b>: leases, due times and expiry are compared on {@link #clock()}, which is the
 * database's clock unless {@link Builder#clock(Clock)} gives another.
 *
 * <p><b>Failures</b> are {@link BackendException}s: retryable where the same call can succeed later
 * (the connection, a lock or statement time-out, resources, a conflict of transactions), permanent
 * otherwise. Only a step that the database itself undid is made again here.
 */
public final class JdbcBackend implements Backend {

    static final String DEFAULT_TABLE_PREFIX = "errand_";

    private final Database database;
    private final Clock clock;
    private final Vault vault;
    private final Set<BackendCapability> capabilities;
    private final Optional<PostgresSignals> ownSignals;
    private final Optional<QueueSignals> signals;
    private final JdbcTaskStore tasks;
    private final JdbcRunStore runs;
    private final JdbcStagingStore staging;
    private final JdbcRunQueue queue;
    private final JdbcRunLog log;
    private final JdbcSecretStore secrets;

    private JdbcBackend(
            Database database,
            Clock clock,
            Vault vault,
            Set<BackendCapability> capabilities,
            Optional<PostgresSignals> ownSignals,
            Optional<QueueSignals> signals) {
        this.ownSignals = ownSignals;
        this.signals = signals;
        this.database = database;
        this.clock = clock;
        this.vault = vault;
        this.capabilities = Set.copyOf(capabilities);
        Answers answers = new Answers(database, clock);
        RunInsertions insertions = new RunInsertions(database);
        RunChanges changes = new RunChanges(database);
        tasks = new JdbcTaskStore(database, answers, insertions);
        runs = new JdbcRunStore(database, answers, insertions, changes, clock);
        staging = new JdbcStagingStore(database, clock);
        queue = new JdbcRunQueue(database, changes, clock);
        log = new JdbcRunLog(database, answers, clock);
        secrets = new JdbcSecretStore(database, clock, vault);
    }

    /** Begins a backend over this data source. */
    public static Builder builder(DataSource dataSource) {
        return new Builder(dataSource);
    }

    /**
     * The same storage within a transaction that the host began on this connection: everything done
     * through the answer stands when the host commits, and not before. The answer is good as long
     * as the transaction, and for one thread at a time. After a {@link BackendException} the host
     * should roll back. On H2 in a file it takes no turn with other writing steps: see above. The
     * time may be asked for on a connection of the data source, which must have one to spare.
     *
     * @throws IllegalArgumentException if the connection is in autocommit mode
     */
    public Backend within(Connection connection) {
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException(
                        "connection must be within a transaction, but commits by itself");
            }
        } catch (SQLException e) {
            throw Failures.of("JdbcBackend", e);
        }
        Database joined = database.over(new Connections.Joined(connection));
        return new JdbcBackend(
                joined,
                clock,
                vault,
                capabilities,
                Optional.empty(),
                ownSignals.map(own -> own.within(joined)));
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
    public SecretStore secrets() {
        return secrets;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return capabilities;
    }

    /** Present on PostgreSQL where {@link Builder#signalling()} was asked for. */
    @Override
    public Optional<QueueSignals> signals() {
        return signals;
    }

    /** Ends the threads and connections of its signals; the data source is the host's. */
    @Override
    public void close() {
        ownSignals.ifPresent(PostgresSignals::close);
    }

    /** What a host may choose. Not thread-safe. */
    public static final class Builder {

        private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,19}");

        private final DataSource dataSource;
        private String prefix = DEFAULT_TABLE_PREFIX;
        private Optional<Clock> clock = Optional.empty();
        private Duration statementTimeout = Duration.ZERO;
        private Optional<SecretKeys> secretKeys = Optional.empty();
        private boolean joinsTransactions;
        private boolean migrates;
        private boolean trigram;
        private boolean signalling;

        private Builder(DataSource dataSource) {
            this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        }

        /**
         * What the names of tables and indexes begin with; {@code errand_} by default.
         *
         * @throws IllegalArgumentException if it is not 1 to 20 lower-case letters, digits and
         *     underscores that begin with a letter
         */
        public Builder tablePrefix(String chosen) {
            if (!PREFIX.matcher(chosen).matches()) {
                throw new IllegalArgumentException(
                        "chosen must match " + PREFIX + ", but is '" + chosen + "'");
            }
            prefix = chosen;
            return this;
        }

        /**
         * The clock for leases, due times and expiry; the database's by default. Whoever gives
         * another answers for it that all nodes agree on the time; tests do.
         */
        public Builder clock(Clock chosen) {
            clock = Optional.of(chosen);
            return this;
        }

        /**
         * After how long a statement is given up, in whole seconds; never by default, for a pool or
         * the database is often told already.
         *
         * @throws IllegalArgumentException if {@code chosen} is negative
         */
        public Builder statementTimeout(Duration chosen) {
            if (chosen.isNegative()) {
                throw new IllegalArgumentException("chosen must not be negative: " + chosen);
            }
            statementTimeout = chosen;
            return this;
        }

        /** The keys for the secrets of runs; without any, no secret can be put or found. */
        public Builder secretKeys(SecretKeys chosen) {
            secretKeys = Optional.of(chosen);
            return this;
        }

        /**
         * Takes a connection without autocommit to be within a transaction of the host, which the
         * host ends. The pool behind such a data source must hand out its other connections with
         * autocommit, as pools do by default.
         */
        public Builder joiningTransactions() {
            joinsTransactions = true;
            return this;
        }

        /**
         * Runs the migrations that are missing when the backend is opened; needs Flyway, which
         * takes a second connection beside the first.
         */
        public Builder migrate() {
            migrates = true;
            return this;
        }

        /**
         * Adds the index that makes searches fast on PostgreSQL, when migrating; needs the right to
         * create the extensions {@code pg_trgm} and {@code btree_gin}.
         */
        public Builder withTrigramSearch() {
            trigram = true;
            return this;
        }

        /**
         * Lets nodes tell each other at once of what is queued, by LISTEN and NOTIFY of PostgreSQL;
         * needs its driver. While somebody listens, that takes a thread and one of the data
         * source's connections; sending takes a thread for as long as there is something to send.
         * Without it, and on H2, nodes learn of each other's runs when they look for work.
         */
        public Builder signalling() {
            signalling = true;
            return this;
        }

        /**
         * Opens the backend.
         *
         * @throws BackendException if the database cannot be reached, is neither PostgreSQL nor H2,
         *     is read-only, or lacks a version of the tables, which is named
         */
        public JdbcBackend open() {
            Connections connections = new Connections.Pooled(dataSource, joinsTransactions);
            Dialect dialect = dialect(connections);
            if (migrates) {
                migrate(dialect);
            }
            Database database = new Database(connections, dialect, prefix, statementTimeout);
            Schema.validate(database);
            Optional<PostgresSignals> signals =
                    signalling && dialect == Dialect.POSTGRESQL
                            ? Optional.of(signals(database))
                            : Optional.empty();
            return new JdbcBackend(
                    database,
                    clock.orElseGet(() -> new DatabaseClock(database)),
                    new Vault(secretKeys),
                    capabilities(connections, dialect),
                    signals,
                    signals.map(Function.identity()));
        }

        private PostgresSignals signals(Database database) {
            try {
                PostgresListener.requireDriver();
                return new PostgresSignals(dataSource, database);
            } catch (NoClassDefFoundError e) {
                throw BackendException.permanent(
                        "JdbcBackend", "signalling() needs org.postgresql:postgresql", e);
            }
        }

        private void migrate(Dialect dialect) {
            try {
                Migrations.run(dataSource, dialect, prefix, trigram);
            } catch (NoClassDefFoundError e) {
                throw BackendException.permanent(
                        "JdbcBackend", "migrate() needs org.flywaydb:flyway-core", e);
            } catch (RuntimeException e) {
                throw BackendException.permanent("JdbcBackend", "a migration failed", e);
            }
        }

        private static Dialect dialect(Connections connections) {
            try {
                return connections.with(Dialect::of);
            } catch (SQLException e) {
                throw Failures.of("JdbcBackend", e);
            }
        }

        /** PostgreSQL can do everything; H2 what its URL says. */
        private static Set<BackendCapability> capabilities(
                Connections connections, Dialect dialect) {
            if (dialect == Dialect.POSTGRESQL) {
                return EnumSet.allOf(BackendCapability.class);
            }
            try {
                String url = connections.with(connection -> connection.getMetaData().getURL());
                Set<BackendCapability> capabilities = EnumSet.noneOf(BackendCapability.class);
                if (!url.startsWith("jdbc:h2:mem:")) {
                    capabilities.add(BackendCapability.DURABLE);
                }
                if (url.startsWith("jdbc:h2:tcp:") || url.startsWith("jdbc:h2:ssl:")) {
                    capabilities.add(BackendCapability.SHARED);
                }
                return capabilities;
            } catch (SQLException e) {
                throw Failures.of("JdbcBackend", e);
            }
        }
    }
}
