package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.errand.jdbc.internal.JdbcBackendProvider;
import dev.errand.spi.Idempotency;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import dev.errand.spi.store.BackendProvider;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestArtifacts;
import dev.errand.tck.TestTasks;
import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend that is opened by URL, and the contents of its file after it was closed. */
final class DurabilityTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    @TempDir private Path folder;

    /** Flyway and the database clock need connections as well. */
    @Test
    void aPoolOfOneConnectionIsEnough() throws SQLException {
        assumeThat(PostgresServer.canStart()).as("PostgreSQL for this machine").isTrue();
        Map<String, String> options = Map.of("pool-size", "1", "migrate", "true");
        Optional<Idempotency> key =
                Optional.of(new Idempotency("user:1", "POST tasks/", "key", "hash"));
        for (String url : List.of(url(), PostgresServer.get().newDatabase("pool_of_one"))) {
            try (Backend backend =
                    new JdbcBackendProvider().open(url, options, Clock.systemUTC())) {
                assertThat(TestTasks.insertTask(backend.tasks(), PROJECT, aTask().build(), key))
                        .isInstanceOf(InsertResult.Inserted.class);
            }
        }
    }

    @Test
    void aPoolSizeOfZeroIsRejected() {
        assertThatThrownBy(() -> open(Map.of("pool-size", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pool-size must be at least 1");
    }

    @Test
    void aFileKeepsItsContentsUntilItIsOpenedAgain() throws IOException {
        Path key = folder.resolve("key");
        Files.writeString(key, Base64.getEncoder().encodeToString(new byte[32]));
        Map<String, String> options =
                Map.of("migrate", "true", "user", "sa", "secret-key-file", key.toString());
        Task task;
        var run = Optional.<NewRun>empty();
        Reservation reservation;
        try (Backend backend = open(options)) {
            assertThat(backend.capabilities()).containsExactly(BackendCapability.DURABLE);
            task =
                    ((InsertResult.Inserted<Task>)
                                    TestTasks.insertTask(
                                            backend.tasks(),
                                            PROJECT,
                                            aTask().build(),
                                            Optional.empty()))
                            .value();
            run = Optional.of(aRun(task).queuedAt(Instant.EPOCH).build());
            backend.runs().insert(PROJECT, run.get(), Optional.empty());
            reservation = TestArtifacts.aReservation(task, backend.clock().instant());
            backend.staging().reserve(PROJECT, List.of(reservation));
            backend.secrets()
                    .put(
                            PROJECT,
                            run.get().run().id(),
                            Map.of("a", Secret.of("1")),
                            reservation.expiresAt());
        }
        try (Backend again = open(options)) {
            assertThat(again.tasks().find(PROJECT, task.id()).orElseThrow().latestRun())
                    .contains(run.get().run());
            assertThat(again.staging().findReservation(PROJECT, task.id(), reservation.id()))
                    .contains(reservation);
            assertThat(again.secrets().find(PROJECT, run.get().run().id()))
                    .isEqualTo(Map.of("a", Secret.of("1")));
        }
    }

    private Backend open(Map<String, String> options) {
        return new JdbcBackendProvider().open(url(), options, Clock.systemUTC());
    }

    private String url() {
        return "jdbc:h2:file:" + folder.resolve("errand");
    }

    @Test
    void serviceLoaderFindsTheProvider() {
        assertThat(ServiceLoader.load(BackendProvider.class))
                .extracting(BackendProvider::scheme)
                .contains("jdbc");
    }

    @Test
    void unknownUrlsAndOptionsAreRejected() {
        BackendProvider provider = new JdbcBackendProvider();
        assertThatThrownBy(() -> provider.open("jdbc:oracle:x", Map.of(), Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> open(Map.of("colour", "red")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("colour");
        assertThatThrownBy(() -> open(Map.of("user", "sa")))
                .isInstanceOf(PortException.class)
                .hasMessageContaining("schema version 1");
    }
}
