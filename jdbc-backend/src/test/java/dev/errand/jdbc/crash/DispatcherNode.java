package dev.errand.jdbc.crash;

import dev.errand.Errand;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * A node whose dispatcher claims runs, launches sandboxes that end immediately, and records every
 * lease.
 *
 * <p>Arguments: the URL of the database, the directory for objects and journals, and the name of
 * the node. It prints {@code ready}, starts at the first input line, and ends with the input.
 */
final class DispatcherNode {

    static final Duration LEASE = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final int SLOTS = 16;

    private DispatcherNode() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        Path directory = Path.of(arguments[1]);
        String node = arguments[2];
        try (Connection connection = DriverManager.getConnection(arguments[0]);
                EngineClient client =
                        EngineClient.open(arguments[0], directory.resolve(node), SLOTS);
                Journal journal = new Journal(journalOf(directory, node));
                Errand errand =
                        client.errandOver(
                                new LeaseRecordingBackend(
                                        client.backend(), journal, () -> time(connection)));
                Dispatcher dispatcher = errand.dispatcher(new InstantLauncher(), options(node))) {
            System.out.println("ready");
            System.in.read();
            dispatcher.start();
            while (System.in.read() >= 0) {
                // The dispatcher runs until the input ends.
            }
        }
    }

    private static DispatchOptions options(String node) {
        return DispatchOptions.of(node)
                .withSlots(SLOTS)
                .withLeaseDuration(LEASE)
                .withPollInterval(POLL);
    }

    static Path journalOf(Path directory, String node) {
        return directory.resolve("leases-" + node + ".tsv");
    }

    /** Uses a separate connection, so that reading the time does not wait for the pool. */
    private static synchronized Instant time(Connection connection) {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("select clock_timestamp()")) {
            result.next();
            return result.getObject(1, OffsetDateTime.class).toInstant();
        } catch (SQLException e) {
            throw new IllegalStateException("the time of the database cannot be read", e);
        }
    }

    /** A launcher whose sandboxes have always exited successfully, seen from every node. */
    private static final class InstantLauncher implements SandboxLauncher {
        @Override
        public String launch(ProjectId project, LaunchRequest request, SandboxListener listener) {
            listener.onExit(request.sandbox());
            return request.sandbox().toString();
        }

        @Override
        public SandboxState inspect(
                ProjectId project, SandboxId sandbox, SandboxListener listener) {
            return new SandboxState.Exited(
                    new SandboxExit(
                            0,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            List.of()));
        }

        @Override
        public void stop(ProjectId project, SandboxId sandbox, StopReason reason, Duration grace) {}

        @Override
        public void discard(ProjectId project, SandboxId sandbox) {}

        @Override
        public void close() {}
    }
}
