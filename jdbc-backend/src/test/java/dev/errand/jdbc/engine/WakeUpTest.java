package dev.errand.jdbc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.database.FaultInjectingDataSource;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.store.Backend;
import dev.errand.task.CreateTaskRequest;
import dev.errand.testkit.FakeLauncher;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A dispatcher learns of runs queued by another node through signals or polling, and makes few
 * statements while it is idle.
 */
class WakeUpTest {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final Duration NEVER = Duration.ofHours(1);

    private final TestDatabase database = TestDatabase.postgresql(WakeUpTest.class);
    private final FakeLauncher launcher = new FakeLauncher();

    @BeforeEach
    void empty() {
        database.reset();
    }

    @Test
    void aSignalWakesTheDispatcherOfAnotherNode() {
        try (Backend queuing = JdbcBackend.builder(database.dataSource()).signalling().open();
                Backend dispatching =
                        JdbcBackend.builder(database.dataSource()).signalling().open();
                Errand queuingNode = errand(queuing);
                Errand dispatchingNode = errand(dispatching);
                Dispatcher dispatcher = dispatcher(dispatchingNode, NEVER)) {
            dispatcher.start();
            queueOne(queuingNode);
            await().until(() -> launcher.launches().size() == 1);
            queueOne(queuingNode);

            await().until(() -> launcher.launches().size() == 2);
        }
    }

    @Test
    void aDispatcherWithoutSignalsFindsTheRunByPolling() {
        try (Backend queuing = JdbcBackend.builder(database.dataSource()).open();
                Backend dispatching = JdbcBackend.builder(database.dataSource()).open();
                Errand queuingNode = errand(queuing);
                Errand dispatchingNode = errand(dispatching);
                Dispatcher dispatcher = dispatcher(dispatchingNode, Duration.ofMillis(50))) {
            dispatcher.start();
            queueOne(queuingNode);

            await().until(() -> launcher.launches().size() == 1);
        }
    }

    /** A started dispatcher polls once per second by default. */
    @Test
    void anIdleDispatcherExecutesTwoStatementsPerPoll() {
        FaultInjectingDataSource counting = new FaultInjectingDataSource(database.dataSource());
        try (Backend backend = JdbcBackend.builder(counting).open();
                Errand errand = errand(backend);
                Dispatcher dispatcher =
                        errand.dispatcher(launcher, DispatchOptions.of("idle node"))) {
            dispatcher.runOnce(); // Also measures the clock of the database.
            counting.failAt(0, FaultInjectingDataSource.Fault.BEFORE);

            dispatcher.runOnce();

            assertThat(counting.statements()).hasSizeLessThanOrEqualTo(2);
        }
    }

    private Dispatcher dispatcher(Errand errand, Duration pollEvery) {
        return errand.dispatcher(
                launcher,
                DispatchOptions.of("dispatching")
                        .withLeaseDuration(NEVER)
                        .withPollInterval(pollEvery));
    }

    private static void queueOne(Errand errand) {
        errand.project(PROJECT, Caller.host())
                .tasks()
                .createAndRun(
                        CreateTaskRequest.builder().title("Fix").build(),
                        RunTaskRequest.builder().build());
    }

    private static Errand errand(Backend backend) {
        return Errand.builder(
                        backend,
                        InMemoryObjectStore.create(
                                backend.clock(), Secret.of("the signing key of the tests")),
                        ProjectDirectory.of(new Project(PROJECT, "Acme")))
                .build();
    }
}
