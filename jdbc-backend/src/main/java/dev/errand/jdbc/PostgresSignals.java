package dev.errand.jdbc;

import dev.errand.spi.PortException;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.RunSignals;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Signals between nodes with PostgreSQL's LISTEN and NOTIFY.
 *
 * <p>A signal is sent in a separate transaction after the one that stored the run. PostgreSQL
 * serializes commits of transactions that notify, including their write to disk, and would do so
 * with the whole transaction that stores a run. One thread sends the collected signals and ends
 * when it is idle.
 */
final class PostgresSignals implements RunSignals, AutoCloseable {

    /** The channel for queued runs. */
    static final String QUEUE_CHANNEL = "errand_queue";

    /** The channel for changed runs and logs. */
    static final String CHANGE_CHANNEL = "errand_change";

    // A signal is only a hint, so its commit need not wait for the disk.
    private static final String NOTIFY =
            """
            select set_config('synchronous_commit', 'off', true),
                pg_notify(?, md5(current_schema()) || ? || ?)""";

    private static final String SCHEMA =
            """
            select md5(current_schema()) as digest""";

    /** The position of the first run in a signal, after the schema and the node. */
    private static final int FIRST_RUN = 2;

    private static final String SEPARATOR = ",";
    private static final String PORT = "RunSignals";

    private final DataSource dataSource;
    private final Database database;
    private final String channel;
    private final String self = UUID.randomUUID().toString();
    private final SignalSender sender;
    private volatile Optional<String> ownSchema = Optional.empty();
    private volatile Runnable onForeignSignal = () -> {};
    private final Set<PostgresSignalListener> listeners = ConcurrentHashMap.newKeySet();

    /**
     * Creates signals on a channel, which all schemas of the database share. A signal begins with a
     * digest of its schema, and those of other schemas are ignored.
     */
    PostgresSignals(DataSource dataSource, Database database, String channel) {
        this.dataSource = dataSource;
        this.database = database;
        this.channel = channel;
        this.sender = new SignalSender(this::send);
    }

    /** Sets the action that precedes the listeners when another node sent a signal. */
    void onForeignSignal(Runnable action) {
        onForeignSignal = action;
    }

    @Override
    public void send(RunId run) {
        sender.send(run);
    }

    private void send(List<RunId> runs) {
        String payload =
                Stream.concat(Stream.of(self), runs.stream().map(RunId::toString))
                        .collect(Collectors.joining(SEPARATOR));
        database.execute(
                PORT,
                session ->
                        session.statement(NOTIFY)
                                .text(channel)
                                .text(SEPARATOR)
                                .text(payload)
                                .list(row -> row));
    }

    @Override
    public Subscription listen(Consumer<Optional<RunId>> listener) {
        PostgresSignalListener subscription =
                new PostgresSignalListener(
                        dataSource,
                        channel,
                        payload -> {
                            List<RunId> runs = runs(payload);
                            if (!runs.isEmpty()) {
                                onForeignSignal.run();
                            }
                            runs.forEach(run -> listener.accept(Optional.of(run)));
                        },
                        () -> {
                            onForeignSignal.run(); // Signals may be lost.
                            listener.accept(Optional.empty());
                        });
        listeners.add(subscription);
        subscription.start();
        return () -> {
            listeners.remove(subscription);
            subscription.close();
        };
    }

    /** Returns the runs that other nodes of this schema signalled. */
    private List<RunId> runs(String payload) {
        List<String> parts = List.of(payload.split(SEPARATOR));
        return parts.size() < FIRST_RUN || parts.get(1).equals(self) || !isOwn(parts.get(0))
                ? List.of()
                : parts.stream()
                        .skip(FIRST_RUN)
                        .map(RunId::parse)
                        .flatMap(Optional::stream)
                        .toList();
    }

    /** Returns true if the schema cannot be read: a look at the queue too many is harmless. */
    private boolean isOwn(String schemaDigest) {
        try {
            if (ownSchema.isEmpty()) {
                ownSchema =
                        database.execute(
                                PORT,
                                session ->
                                        session.statement(SCHEMA)
                                                .findOne(row -> row.text("digest")));
            }
            return ownSchema.filter(schemaDigest::equals).isPresent();
        } catch (PortException failure) {
            return true;
        }
    }

    @Override
    public void close() {
        sender.close();
        listeners.forEach(PostgresSignalListener::close);
    }
}
