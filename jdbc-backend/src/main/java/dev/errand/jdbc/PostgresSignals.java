package dev.errand.jdbc;

import dev.errand.spi.dispatch.QueueSignals;
import dev.errand.spi.run.RunId;
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
 * Signals by LISTEN and NOTIFY of PostgreSQL.
 *
 * <p>They are sent in a transaction of their own, after that which stored the run: commits that
 * notify follow one another, each to the end of its write to the disk, and would do so with all the
 * work that they were part of. One thread sends what has come together meanwhile; it ends when
 * there is nothing to send.
 */
final class PostgresSignals implements QueueSignals, AutoCloseable {

    private static final String SEPARATOR = ",";

    private final DataSource dataSource;
    private final Database database;
    private final String channel;
    private final String self = UUID.randomUUID().toString();
    private final SignalSender sender;
    private final Set<PostgresSignalListener> listeners = ConcurrentHashMap.newKeySet();

    PostgresSignals(DataSource dataSource, Database database) {
        this.dataSource = dataSource;
        this.database = database;
        this.channel = database.sql("errand_queue");
        this.sender = new SignalSender(runs -> send(database, runs));
    }

    @Override
    public void send(RunId run) {
        if (database.joinsHostTransactions()) {
            send(database, List.of(run)); // On the host's connection, and with its commit.
        } else {
            sender.send(run);
        }
    }

    /** The same signals, sent within a transaction of the host. */
    QueueSignals within(Database joined) {
        return new QueueSignals() {
            @Override
            public void send(RunId run) {
                PostgresSignals.this.send(joined, List.of(run));
            }

            @Override
            public Subscription listen(Consumer<Optional<RunId>> listener) {
                return PostgresSignals.this.listen(listener);
            }
        };
    }

    private void send(Database through, List<RunId> runs) {
        String payload =
                Stream.concat(Stream.of(self), runs.stream().map(RunId::toString))
                        .collect(Collectors.joining(SEPARATOR));
        through.execute(
                "QueueSignals",
                session ->
                        session.statement("select pg_notify(?, ?)")
                                .text(channel)
                                .text(payload)
                                .list(row -> row));
    }

    @Override
    public Subscription listen(Consumer<Optional<RunId>> listener) {
        PostgresSignalListener connection =
                new PostgresSignalListener(
                        dataSource,
                        channel,
                        payload -> runs(payload).forEach(run -> listener.accept(Optional.of(run))),
                        () -> listener.accept(Optional.empty()));
        listeners.add(connection);
        connection.start();
        return () -> {
            listeners.remove(connection);
            connection.close();
        };
    }

    /** The runs that another node sent; what this one sent, it knows. */
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
