package dev.errand.testing.engine.memory;

import static dev.errand.testing.engine.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.WorkHandler;
import dev.errand.dispatch.WorkerPool;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Backend;
import dev.errand.task.CreateTaskRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Starting, stopping and closing a worker pool, its settings and its executor. */
class WorkerPoolLifecycleTest {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final String NODE = "lifecycle-test";
    private static final WorkHandler COMPLETING =
            context -> UpdateRunRequest.builder().status(RunStatus.COMPLETED).build();

    private final Backend backend = InMemoryBackend.create(Clock.systemUTC());
    private final Errand errand =
            Errand.builder(
                            backend,
                            InMemoryObjectStore.create(
                                    Clock.systemUTC(), Secret.of("a key for tests only")),
                            ProjectDirectory.of(new Project(PROJECT, "Acme")))
                    .build();
    private final ProjectClient project = errand.project(PROJECT, Caller.host());

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

    private boolean isCompleted(Run run) {
        return project.runs().get(run.task(), run.id()).status() == RunStatus.COMPLETED;
    }

    private static List<Thread> poolThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("errand-worker-" + NODE))
                .toList();
    }

    @Test
    void aStartedPoolExecutesWhatIsQueuedBeforeAndAfterItsStart() {
        List<Run> before = Stream.generate(this::queue).limit(50).toList();
        try (WorkerPool pool =
                errand.workerPool(COMPLETING).node(NODE).size(3).pollInterval(NEVER).build()) {
            pool.start();
            until("earlier runs are completed", () -> before.stream().allMatch(this::isCompleted));
            Run after = queue();
            until("a later run is completed", () -> isCompleted(after));
        }
        until("no thread is left", () -> poolThreads().isEmpty());
    }

    @Test
    void neverMoreHandlersRunAtTheSameTimeThanThePoolHas() {
        List<Run> runs = Stream.generate(this::queue).limit(40).toList();
        AtomicInteger current = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (WorkerPool pool =
                errand.workerPool(
                                context -> {
                                    most.accumulateAndGet(current.incrementAndGet(), Math::max);
                                    Thread.yield();
                                    current.decrementAndGet();
                                    return COMPLETING.handle(context);
                                })
                        .size(2)
                        .build()) {
            pool.start();
            until("all are completed", () -> runs.stream().allMatch(this::isCompleted));
        }
        assertThat(most).hasValueLessThanOrEqualTo(2);
    }

    @Test
    void aStopWaitsForHandlers() throws Exception {
        Run run = queue();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        try (WorkerPool pool =
                errand.workerPool(
                                context -> {
                                    begun.countDown();
                                    stopping.await();
                                    return COMPLETING.handle(context);
                                })
                        .build()) {
            pool.start();
            begun.await();
            Thread stopper = new Thread(pool::stop);
            stopper.start();
            stopping.countDown();
            stopper.join();

            assertThat(isCompleted(run)).isTrue();
            assertThat(pool.runningHandlers()).isZero();
        }
    }

    @Test
    void aStoppedPoolCanBeStartedAgain() {
        try (WorkerPool pool = errand.workerPool(COMPLETING).pollInterval(NEVER).build()) {
            pool.start();
            pool.stop();
            pool.stop();
            Run run = queue();
            pool.start();

            until("the run is completed", () -> isCompleted(run));
        }
    }

    @Test
    void aStartReturnsTheRunsThatACycleHasClaimed() {
        Run run = queue();
        Set<Runnable> tasks = ConcurrentHashMap.newKeySet();
        AtomicInteger executed = new AtomicInteger();
        Executor dropping =
                task -> {
                    if (executed.getAndIncrement() == 0) {
                        tasks.add(task);
                    } else {
                        new Thread(task).start();
                    }
                };
        try (WorkerPool pool =
                errand.workerPool(COMPLETING)
                        .executor(dropping)
                        .gracePeriod(Duration.ofMillis(1))
                        .build()) {
            assertThat(pool.runOnce()).isEqualTo(1);
            pool.start();

            until("the run is completed", () -> isCompleted(run));
        }
    }

    @Test
    void callsThatDoNotFitTheStateAreRejected() {
        WorkerPool pool = errand.workerPool(COMPLETING).node(NODE).build();
        pool.start();
        assertThatIllegalStateException()
                .isThrownBy(pool::start)
                .withMessage(
                        "worker pool lifecycle-test is started already; call stop() before"
                                + " start()");
        assertThatIllegalStateException().isThrownBy(pool::runOnce);
        pool.close();
        pool.close();
        pool.stop();
        assertThatIllegalStateException().isThrownBy(pool::start);
        assertThatIllegalStateException().isThrownBy(pool::runOnce);
    }

    @Test
    void invalidSettingsAreRejected() {
        WorkerPool.Builder builder = errand.workerPool(COMPLETING);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> errand.workerPool(COMPLETING).node(" ").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> errand.workerPool(COMPLETING).size(0).build())
                .withMessage("size must be 1 or more, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> errand.workerPool(COMPLETING).prefetch(-1).build())
                .withMessage("prefetch must be 0 or more, not -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> errand.workerPool(COMPLETING).timeLimit(Duration.ZERO).build())
                .withMessage("timeLimit must be positive, not PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.gracePeriod(Duration.ofSeconds(-1)).build());
    }

    /** A task that the executor rejects must not be lost until its lease expires. */
    @Test
    void aRunThatTheExecutorRejectsIsReturnedToTheQueue() {
        Run run = queue();
        AtomicInteger rejected = new AtomicInteger();
        Executor full =
                task -> {
                    if (rejected.getAndIncrement() == 0) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                };
        try (WorkerPool pool = errand.workerPool(COMPLETING).executor(full).build()) {
            assertThat(pool.runOnce()).isEqualTo(1);
            assertThat(isCompleted(run)).isFalse();
            assertThat(pool.runOnce()).isEqualTo(1);
            assertThat(isCompleted(run)).isTrue();
        }
    }

    @Test
    void aPoolDoesNotStartIfTheExecutorRejectsItsLoop() {
        try (WorkerPool pool =
                errand.workerPool(COMPLETING)
                        .executor(
                                task -> {
                                    throw new RejectedExecutionException("full");
                                })
                        .build()) {
            assertThatThrownBy(pool::start).isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(pool::start).isInstanceOf(RejectedExecutionException.class);
        }
    }
}
