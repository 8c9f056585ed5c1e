package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.RetryTransactionException;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.task.CreateTaskRequest;
import dev.errand.testkit.FakeLauncher;
import dev.errand.testkit.RecordingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine whose calls take part in transactions of the host (docs/embedding.md). */
@Timeout(60)
public abstract class HostTransactionContract {

    /** A step of a host, within a transaction or not. */
    @FunctionalInterface
    public interface Work<T> {

        /** Performs the step. */
        T call() throws Exception;
    }

    /** The host and its transactions. */
    public interface Host {

        /** Returns the backend, whose tables are empty. */
        Backend backend();

        /** Returns an object store. */
        ObjectStore objects();

        /** Executes work in a transaction, and commits unless it throws an exception. */
        <T> T inTransaction(Work<T> work) throws Exception;

        /** Executes work in a transaction with the isolation level REPEATABLE READ. */
        <T> T inRepeatableReadTransaction(Work<T> work) throws Exception;

        /** Executes work in a transaction and rolls it back. */
        <T> T rolledBack(Work<T> work) throws Exception;
    }

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final ProjectId OTHER_PROJECT = ProjectId.of(2);
    private static final CreateTaskRequest TASK =
            CreateTaskRequest.builder().description("Fix it.").build();
    private static final RunTaskRequest RUN = RunTaskRequest.builder().build();
    private static final int OTHER_CREATES = 20;

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final RecordingListener listener = new RecordingListener();
    private Host host;
    private Errand errand;

    /** Opens the host for one test. */
    protected abstract Host openHost() throws Exception;

    /** Opens the engine. */
    @BeforeEach
    public void openEngine() throws Exception {
        host = openHost();
        errand =
                Errand.builder(
                                host.backend(),
                                host.objects(),
                                ProjectDirectory.of(
                                        new Project(PROJECT, "Acme"),
                                        new Project(OTHER_PROJECT, "Umbrella")))
                        .listener(listener)
                        .build();
    }

    /** Closes the engine and the backend. */
    @AfterEach
    public void closeEngine() {
        executor.shutdownNow();
        errand.close();
        host.backend().close();
    }

    @Test
    void changesBecomeVisibleWhenTheHostCommits() throws Exception {
        Task task =
                host.inTransaction(
                        () -> {
                            Task created = create(PROJECT);
                            assertThat(client(PROJECT).tasks().get(created.id()).task())
                                    .isEqualTo(created);
                            assertThat(elsewhere(this::tasks)).isZero();
                            return created;
                        });

        assertThat(client(PROJECT).tasks().get(task.id()).task()).isEqualTo(task);
    }

    @Test
    void changesDisappearWhenTheHostRollsBack() throws Exception {
        host.rolledBack(() -> client(PROJECT).tasks().createAndRun(TASK, RUN));

        assertThat(tasks()).isZero();
        assertThat(create(PROJECT).number()).as("later than the number that was lost").isOne();
    }

    @Test
    void aCallOutsideOfATransactionCommitsItsOwn() throws Exception {
        host.inTransaction(() -> create(PROJECT));

        create(PROJECT);

        assertThat(elsewhere(this::tasks)).isEqualTo(2);
    }

    @Test
    void listenersReceiveEventsAfterTheCommit() throws Exception {
        Run run =
                host.inTransaction(
                        () -> {
                            TaskWithLatestRun queued =
                                    client(PROJECT).tasks().createAndRun(TASK, RUN);
                            Run updated = update(queued, "build");
                            deliverEventsOfAnotherTask();
                            assertThat(listener.changesOf(updated.id())).isEmpty();
                            return updated;
                        });

        Eventually.until(
                "both changes are delivered", () -> listener.changesOf(run.id()).size() == 2);
        assertThat(listener.versionsOf(run.id()).get(1)).isEqualTo(run);
    }

    @Test
    void listenersReceiveNoEventsOfATransactionThatIsRolledBack() throws Exception {
        host.rolledBack(() -> client(PROJECT).tasks().createAndRun(TASK, RUN));

        Task task = create(PROJECT);

        Eventually.until("the next event is delivered", () -> !listener.events().isEmpty());
        assertThat(listener.events()).containsExactly(new RunEvent.TaskCreated(task));
    }

    /** The dispatcher never polls, and would find nothing if it were notified before the commit. */
    @Test
    void aQueuedRunIsLaunchedAtOnceAfterTheCommit() throws Exception {
        FakeLauncher launcher = new FakeLauncher();
        DispatchOptions neverPolls =
                DispatchOptions.of("node")
                        .withLeaseDuration(Duration.ofHours(1))
                        .withPollInterval(Duration.ofHours(1));
        // Two threads that measure the database's clock for the first time could differ.
        assertThat(host.backend().clock().instant()).isNotNull();
        try (Dispatcher dispatcher = errand.dispatcher(launcher, neverPolls)) {
            dispatcher.start();
            client(PROJECT).tasks().createAndRun(TASK, RUN);
            Eventually.until("the dispatcher runs", () -> launcher.launches().size() == 1);

            host.inTransaction(() -> client(PROJECT).tasks().createAndRun(TASK, RUN));

            Eventually.until("the run is launched", () -> launcher.launches().size() == 2);
        }
    }

    @Test
    void otherCallsDoNotWaitForAnOpenTransaction() throws Exception {
        List<Task> tasks = new ArrayList<>();
        Task first =
                host.inTransaction(
                        () -> {
                            Task created = create(PROJECT);
                            for (int i = 0; i < OTHER_CREATES; i++) {
                                Optional<String> key =
                                        i % 2 == 0 ? Optional.of("key " + i) : Optional.empty();
                                tasks.add(
                                        elsewhere(() -> client(PROJECT).tasks().create(TASK, key))
                                                .task());
                            }
                            tasks.add(elsewhere(() -> host.inTransaction(() -> create(PROJECT))));
                            tasks.add(create(PROJECT));
                            return created;
                        });

        assertThat(first.number()).isZero();
        assertThat(tasks)
                .extracting(Task::number)
                .isSorted()
                .doesNotHaveDuplicates()
                .doesNotContain(0L);
    }

    @Test
    void transactionsThatUseTwoProjectsInOppositeOrderDoNotDeadlock() throws Exception {
        CyclicBarrier bothHaveOne = new CyclicBarrier(2);
        Future<?> other = executor.submit(() -> createInBoth(OTHER_PROJECT, PROJECT, bothHaveOne));

        createInBoth(PROJECT, OTHER_PROJECT, bothHaveOne);
        other.get();

        assertThat(tasks()).isEqualTo(2);
    }

    private Void createInBoth(ProjectId first, ProjectId second, CyclicBarrier bothHaveOne)
            throws Exception {
        return host.inTransaction(
                () -> {
                    create(first);
                    bothHaveOne.await();
                    create(second);
                    return null;
                });
    }

    @Test
    void aTaskCanBeCreatedOnASnapshotThatIsOlderThanTheLatestNumber() throws Exception {
        create(PROJECT);
        Task task =
                host.inRepeatableReadTransaction(
                        () -> {
                            assertThat(tasks()).isOne();
                            elsewhere(() -> create(PROJECT));
                            Task created = create(PROJECT);
                            assertThat(tasks()).isEqualTo(2);
                            return created;
                        });

        assertThat(task.number()).isEqualTo(2);
        assertThat(tasks()).isEqualTo(3);
    }

    @Test
    void theHostMustRepeatATransactionWhoseSnapshotIsOutdated() throws Exception {
        TaskWithLatestRun queued = client(PROJECT).tasks().createAndRun(TASK, RUN);

        assertThatThrownBy(
                        () ->
                                host.inRepeatableReadTransaction(
                                        () -> {
                                            assertThat(tasks()).isOne();
                                            elsewhere(() -> update(queued, "test"));
                                            return update(queued, "build");
                                        }))
                .isInstanceOfSatisfying(
                        RetryTransactionException.class, e -> assertThat(e.isRetryable()).isTrue())
                .hasMessageContaining("must be rolled back and repeated as a whole");
        Run repeated = host.inRepeatableReadTransaction(() -> update(queued, "build"));

        assertThat(repeated.stage()).contains("build");
    }

    @Test
    void changesOfOneRunAreDeliveredInTheOrderOfTheirCommits() throws Exception {
        TaskWithLatestRun queued = client(PROJECT).tasks().createAndRun(TASK, RUN);
        Future<Run> other =
                host.inTransaction(
                        () -> {
                            update(queued, "build");
                            // Waits for the row until the host commits, or reads it afterwards.
                            Future<Run> later = executor.submit(() -> update(queued, "test"));
                            update(queued, "check");
                            return later;
                        });

        Run last = other.get();

        Eventually.until(
                "all changes are delivered", () -> listener.changesOf(last.id()).size() == 4);
        assertThat(listener.versionsOf(last.id()))
                .extracting(Run::stage)
                .containsExactly(
                        Optional.empty(),
                        Optional.of("build"),
                        Optional.of("check"),
                        Optional.of("test"));
    }

    private Task create(ProjectId project) {
        return client(project).tasks().create(TASK, Optional.empty()).task();
    }

    private Run update(TaskWithLatestRun task, String stage) {
        return client(PROJECT)
                .runs()
                .update(
                        task.task().id(),
                        task.latestRun().orElseThrow().id(),
                        UpdateRunRequest.builder().stage(stage).build());
    }

    /** Events are delivered in order, so all events released before were delivered as well. */
    private void deliverEventsOfAnotherTask() throws Exception {
        Task other = elsewhere(() -> create(OTHER_PROJECT));
        Eventually.until(
                "the event of another task is delivered",
                () -> listener.events().contains(new RunEvent.TaskCreated(other)));
    }

    private long tasks() {
        return client(PROJECT).tasks().list(TaskFilter.DEFAULT, PageRequest.FIRST).total();
    }

    private ProjectClient client(ProjectId project) {
        return errand.project(project, Caller.host());
    }

    /** Executes work on another thread, which takes part in no transaction. */
    private <T> T elsewhere(Callable<T> work) throws Exception {
        try {
            return executor.submit(work).get();
        } catch (ExecutionException e) {
            throw new AssertionError("a call on another thread failed", e.getCause());
        }
    }
}
