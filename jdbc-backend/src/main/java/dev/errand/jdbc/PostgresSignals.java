package dev.errand.jdbc;

import dev.errand.spi.run.RunId;
import dev.errand.spi.store.QueueSignals;
import java.util.Arrays;
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
final class PostgresSignals implements QueueSignals, AutoCloseable {

    /**
     * The channel, which all schemas of the database share. A signal of another schema only causes
     * a look at the queue.
     */
    private static final String CHANNEL = "errand_queue";

    private static final String SEPARATOR = ",";

    private final DataSource dataSource;
    private final Database database;
    private final String self = UUID.randomUUID().toString();
    private final SignalSender sender;
    private volatile Runnable onForeignSignal = () -> {};
    private final Set<PostgresSignalListener> listeners = ConcurrentHashMap.newKeySet();

    PostgresSignals(DataSource dataSource, Database database) {
        this.dataSource = dataSource;
        this.database = database;
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
                "QueueSignals",
                session ->
                        session.statement("select pg_notify(?, ?)")
                                .text(CHANNEL)
                                .text(payload)
                                .list(row -> row));
    }

    @Override
    public Subscription listen(Consumer<Optional<RunId>> listener) {
        PostgresSignalListener subscription =
                new PostgresSignalListener(
                        dataSource,
                        CHANNEL,
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

    /** Returns the runs that other nodes signalled; this node's own signals are ignored. */
    private List<RunId> runs(String payload) {
        String[] parts = payload.split(SEPARATOR);
        return Arrays.stream(parts)
                .skip(parts[0].equals(self) ? parts.length : 1)
                .map(RunId::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public void close() {
        sender.close();
        listeners.forEach(PostgresSignalListener::close);
    }
}
