package dev.errand.testing.engine.memory;

import static dev.errand.testing.engine.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.Dispatcher;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.task.CreateTaskRequest;
import dev.errand.testkit.FakeLauncher;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Starting, stopping and closing a dispatcher, its listeners and its executor. */
class DispatcherLifecycleTest {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final DispatchOptions OPTIONS =
            DispatchOptions.of("node-1").withPollInterval(Duration.ofMillis(20));

    private final Backend backend = InMemoryBackend.create(Clock.systemUTC());
    private final Errand errand =
            Errand.builder(
                            backend,
                            InMemoryObjectStore.create(
                                    Clock.systemUTC(), Secret.of("a key for tests only")),
                            ProjectDirectory.of(new Project(PROJECT, "Acme")))
                    .build();
    private final ProjectClient project = errand.project(PROJECT, Caller.host());
    private final FakeLauncher launcher = new FakeLauncher();

    @AfterEach
    void close() {
        errand.close();
        backend.close();
    }

    private Run queue() {
        return project.tasks()
                .createAndRun(CreateTaskRequest.builder().build(), RunTaskRequest.builder().build())
                .latestRun()
                .orElseThrow();
    }

    private Run read(Run run) {
        return project.runs().get(run.task(), run.id());
    }

    private void awaitStatus(Run run, RunStatus status) {
        until("the run is " + status.wire(), () -> read(run).status() == status);
    }

    @Test
    void aStoppedDispatcherReleasesItsRunsAndContinuesWhenItIsStartedAgain() {
        try (Dispatcher dispatcher = errand.dispatcher(launcher, OPTIONS)) {
            dispatcher.start();
            Run first = queue();
            awaitStatus(first, RunStatus.IN_PROGRESS);

            dispatcher.stop();
            assertThat(dispatcher.supervisedRuns()).isZero();
            assertThat(backend.queue().findLease(PROJECT, first.id())).isEmpty();
            assertThat(launcher.running()).as("sandboxes").isEqualTo(1);

            dispatcher.start();
            Run second = queue();
            awaitStatus(second, RunStatus.IN_PROGRESS);
            launcher.exit(SandboxId.of(read(first)), 0);
            awaitStatus(first, RunStatus.COMPLETED);
            assertThat(launcher.launches()).as("adopted, not launched again").hasSize(2);
        }
    }

    @Test
    void aDrainedDispatcherClaimsAgainAfterItWasStoppedAndStarted() {
        try (Dispatcher dispatcher = errand.dispatcher(launcher, OPTIONS)) {
            dispatcher.start();
            assertThat(dispatcher.drain(Duration.ofSeconds(20))).isTrue();
            Run run = queue();
            dispatcher.stop();
            assertThat(launcher.launches()).isEmpty();

            dispatcher.start();
            awaitStatus(run, RunStatus.IN_PROGRESS);
        }
    }

    @Test
    void stopWaitsForALaunchAndRecordsIt() throws Exception {
        CountDownLatch isLaunching = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        launcher.duringLaunch(
                () -> {
                    isLaunching.countDown();
                    await(mayReturn);
                });
        try (Dispatcher dispatcher = errand.dispatcher(launcher, OPTIONS)) {
            dispatcher.start();
            Run run = queue();
            await(isLaunching);
            FutureTask<Void> stop = new FutureTask<>(dispatcher::stop, null);
            Thread stopping = new Thread(stop);
            stopping.start();
            until("stop waits", () -> stopping.getState() == Thread.State.TIMED_WAITING);

            mayReturn.countDown();
            stop.get(20, TimeUnit.SECONDS);

            assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
            assertThat(backend.queue().findLease(PROJECT, run.id())).isEmpty();
        }
    }

    @Test
    void misuseNamesTheMethodToCallInstead() {
        Dispatcher dispatcher = errand.dispatcher(launcher, OPTIONS);
        dispatcher.start();
        assertThatIllegalStateException()
                .isThrownBy(dispatcher::start)
                .withMessageContaining("call stop()");
        assertThatIllegalStateException()
                .isThrownBy(dispatcher::runOnce)
                .withMessageContaining("call wakeUp()");

        dispatcher.close();
        dispatcher.close();
        dispatcher.stop();
        assertThatIllegalStateException()
                .isThrownBy(dispatcher::start)
                .withMessageContaining("call Errand.dispatcher(");
        assertThatIllegalStateException()
                .isThrownBy(dispatcher::runOnce)
                .withMessageContaining("call Errand.dispatcher(");
    }

    @Test
    void nothingRefersToAClosedDispatcher() {
        WeakReference<Dispatcher> closed = new WeakReference<>(closedDispatcher());

        until(
                "it is collected",
                () -> {
                    System.gc();
                    return closed.get() == null;
                });
    }

    private Dispatcher closedDispatcher() {
        Dispatcher dispatcher = errand.dispatcher(launcher, OPTIONS);
        dispatcher.start();
        dispatcher.close();
        return dispatcher;
    }

    @Test
    void runsAreDescribedByTheOptionsOfTheOpenDispatcher() {
        Run run = queue();
        DispatchTimeouts timeouts = DispatchTimeouts.DEFAULT.withQueued(Duration.ofMinutes(5));
        try (Dispatcher dispatcher = errand.dispatcher(launcher, OPTIONS.withTimeouts(timeouts))) {
            assertThat(dispatcher.supervisedRuns()).isZero();
            assertThat(expiryOf(run)).isEqualTo(run.createdAt().plus(timeouts.queued()));
        }

        assertThat(expiryOf(run))
                .isEqualTo(run.createdAt().plus(DispatchTimeouts.DEFAULT.queued()));
    }

    private Instant expiryOf(Run run) {
        return project.runs().describe(run.task(), run.id()).nextAt().orElseThrow();
    }

    @Test
    void aListenerThatThrowsAffectsNeitherTheOthersNorTheDispatcher() {
        List<String> first = new CopyOnWriteArrayList<>();
        List<String> last = new CopyOnWriteArrayList<>();
        try (Dispatcher dispatcher =
                errand.dispatcher(
                        launcher,
                        OPTIONS,
                        recording(first),
                        event -> {
                            throw new IllegalStateException("listener");
                        },
                        event -> {
                            throw new AssertionError("listener");
                        },
                        recording(last))) {
            Run run = queue();
            dispatcher.runOnce();
            launcher.exit(SandboxId.of(read(run)), 0);
            dispatcher.runOnce();

            assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        }
        assertThat(first).containsExactly("Claimed", "Launched", "SupervisionEnded");
        assertThat(last).isEqualTo(first);
    }

    private static DispatchListener recording(List<String> events) {
        return event -> events.add(event.getClass().getSimpleName());
    }

    @Test
    void allWorkIsDoneByTheExecutorOfTheHost() {
        ExecutorService executor =
                Executors.newFixedThreadPool(OPTIONS.slots() + 1, task -> new Thread(task, "host"));
        Set<String> threads = ConcurrentHashMap.newKeySet();
        launcher.duringLaunch(
                () -> {
                    threads.add(Thread.currentThread().getName());
                    launcher.exit(launcher.lastSandbox(), 0);
                });
        DispatchListener listener = event -> threads.add(Thread.currentThread().getName());
        try (Dispatcher dispatcher =
                errand.dispatcher(launcher, OPTIONS, List.of(listener), executor)) {
            dispatcher.start();
            Run run = queue();
            awaitStatus(run, RunStatus.COMPLETED);
            until("the run is released", () -> dispatcher.supervisedRuns() == 0);
            dispatcher.stop();
            dispatcher.start();
            awaitStatus(queue(), RunStatus.COMPLETED);
        } finally {
            assertThat(executor.isShutdown()).as("left to the host").isFalse();
            executor.shutdown();
        }
        assertThat(threads).containsExactly("host");
    }

    @Test
    void anExecutorThatRejectsTheLoopLeavesTheDispatcherStopped() {
        Executor rejecting =
                task -> {
                    throw new RejectedExecutionException("shut down");
                };
        try (Dispatcher dispatcher = errand.dispatcher(launcher, OPTIONS, List.of(), rejecting)) {
            assertThatThrownBy(dispatcher::start).isInstanceOf(RejectedExecutionException.class);

            queue();
            assertThat(dispatcher.runOnce()).isEqualTo(1);
        }
    }

    /** The loop is accepted and every other task is rejected. */
    @Test
    void workThatTheExecutorRejectsIsDoneByTheLoop() {
        ExecutorService loop = Executors.newSingleThreadExecutor();
        Executor saturated =
                new Executor() {
                    private boolean isLoopAccepted;

                    @Override
                    public synchronized void execute(Runnable task) {
                        if (isLoopAccepted) {
                            throw new RejectedExecutionException("saturated");
                        }
                        isLoopAccepted = true;
                        loop.execute(task);
                    }
                };
        try (Dispatcher dispatcher = errand.dispatcher(launcher, OPTIONS, List.of(), saturated)) {
            dispatcher.start();
            Run run = queue();
            awaitStatus(run, RunStatus.IN_PROGRESS);
            launcher.exit(SandboxId.of(read(run)), 0);
            awaitStatus(run, RunStatus.COMPLETED);
        } finally {
            loop.shutdown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
