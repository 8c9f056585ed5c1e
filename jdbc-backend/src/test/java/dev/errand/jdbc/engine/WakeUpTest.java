package dev.errand.jdbc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.database.TappedDataSource;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.Backend;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.task.CreateTaskRequest;
import dev.errand.testkit.FakeLauncher;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A dispatcher hears of what another node queues, or looks for it, and is quiet meanwhile. */
class WakeUpTest {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int LOOKS = 3;

    private final TestDatabase database = TestDatabase.postgresql(WakeUpTest.class);
    private final FakeLauncher launcher = new FakeLauncher();

    @BeforeEach
    void empty() {
        database.reset();
    }

    @Test
    void aDispatcherHearsOfARunThatAnotherNodeQueued() {
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
    void aDispatcherThatHearsNothingFindsTheRunWhenItLooks() {
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

    @Test
    void anIdleDispatcherMakesAtMostTwoStatementsASecond() {
        TappedDataSource tapped = new TappedDataSource(database.dataSource());
        try (Backend backend = JdbcBackend.builder(tapped).open();
                Errand errand = errand(backend);
                Dispatcher dispatcher =
                        errand.dispatcher(launcher, DispatchOptions.of("idle node"))) {
            tapped.breakAt(0, TappedDataSource.Fault.BEFORE);
            long begin = System.nanoTime();
            dispatcher.start();
            await().until(() -> tapped.statements().size() >= LOOKS);
            double seconds = (System.nanoTime() - begin) / 1e9;

            // The first look is made at the beginning, and the others at the end of a pause.
            assertThat((tapped.statements().size() - 1) / seconds).isLessThanOrEqualTo(2);
        }
    }

    private Dispatcher dispatcher(Errand errand, Duration pollEvery) {
        return errand.dispatcher(
                launcher,
                DispatchOptions.of("dispatching").withLease(Duration.ofSeconds(30), pollEvery));
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
