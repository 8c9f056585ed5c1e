package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.config.EngineOptions;
import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.WorkContext;
import dev.errand.dispatch.WorkHandler;
import dev.errand.dispatch.Worker;
import dev.errand.dispatch.WorkerPool;
import dev.errand.run.RunScheduling;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.task.CreateTaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Worker pools: handlers in the host's process, results that are written together with the next
 * claim, cancellation, time limits and shutdown (docs/invariants.md#i3, #i6, #i11).
 */
public abstract class WorkerPoolContract extends DispatchScene {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final UpdateRunRequest COMPLETED =
            UpdateRunRequest.builder()
                    .status(RunStatus.COMPLETED)
                    .output(JsonText.of("{\"pr_url\":\"u\"}"))
                    .build();
    private static final WorkHandler COMPLETING = context -> COMPLETED;

    private final List<DispatchEvent> events = new CopyOnWriteArrayList<>();
    private final List<RunId> handled = new CopyOnWriteArrayList<>();
    private Optional<WorkerPool> opened = Optional.empty();
    private Optional<HandlerThreads> handlers = Optional.empty();

    /** For subclasses, one for each backend. */
    protected WorkerPoolContract() {}

    /** Closes the pool. */
    @AfterEach
    public void closePool() {
        storage.restore();
        handlers.ifPresent(HandlerThreads::finish);
        opened.ifPresent(WorkerPool::close);
    }

    private WorkerPool.Builder pool(WorkHandler handler) {
        if (handler instanceof HandlerThreads threads) {
            handlers = Optional.of(threads);
        }
        return errand.workerPool(
                        context -> {
                            handled.add(context.run().id());
                            return handler.handle(context);
                        })
                .node("pool-1")
                .leaseDuration(LEASE)
                .pollInterval(POLL)
                .gracePeriod(GRACE)
                .listener(events::add);
    }

    private WorkerPool open(WorkerPool.Builder builder) {
        WorkerPool pool = builder.build();
        opened = Optional.of(pool);
        return pool;
    }

    /** Opens a pool whose handler calls run on the threads of a test. */
    private WorkerPool open(HandlerThreads threads) {
        return open(pool(threads).executor(threads).size(1).prefetch(0));
    }

    private Worker otherWorker() {
        return errand.worker(ProjectScope.everyProject(), "other", LEASE);
    }

    private List<Run> queue(int count) {
        return Stream.generate(this::queue).limit(count).toList();
    }

    // --- results

    @Test
    void aHandlerReceivesItsRunAndItsResultIsRecorded() {
        Run queued = queue();
        List<Run> received = new ArrayList<>();
        WorkerPool pool =
                open(
                        pool(
                                context -> {
                                    received.add(context.run());
                                    clock.advance(Duration.ofMillis(5));
                                    return COMPLETED;
                                }));

        assertThat(pool.runOnce()).isEqualTo(1);

        assertThat(received).containsExactly(queued);
        Run run = stored(queued);
        assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(run.endReason()).hasValue(EndReason.REPORTED);
        assertThat(run.output()).hasValue(JsonText.of("{\"pr_url\":\"u\"}"));
        assertThat(findEntry(queued)).isEmpty();
        assertThat(pool.runningHandlers()).isZero();
        assertThat(events)
                .containsExactly(
                        new DispatchEvent.Claimed(queued),
                        new DispatchEvent.HandlerStarted(queued, Duration.ZERO),
                        new DispatchEvent.HandlerEnded(
                                queued, Duration.ofMillis(5), Optional.empty()),
                        new DispatchEvent.SupervisionEnded(run));
    }

    /** Whatever is ready when the writer is free is written together, with the next claim. */
    @Test
    void resultsThatAreReadyAreWrittenWithTheNextClaimInOneStep() {
        queue(6);
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(pool(threads).executor(threads).size(3).prefetch(0));
        AtomicInteger writes = new AtomicInteger();
        pool.runOnce();
        while (threads.pending() > 0) {
            threads.runNext();
        }
        countWrites(writes);

        assertThat(pool.runOnce()).isEqualTo(3);

        assertThat(writes).hasValue(1);
        assertThat(Stream.of(RunStatus.COMPLETED, RunStatus.QUEUED).map(this::count))
                .containsExactly(3L, 3L);
    }

    private void countWrites(AtomicInteger writes) {
        storage.beforeNext(
                "settleAndClaim",
                () -> {
                    writes.incrementAndGet();
                    countWrites(writes);
                });
    }

    private long count(RunStatus status) {
        return backend
                .tasks()
                .list(PROJECT, TaskFilter.DEFAULT, PageRequest.of(100, 0))
                .items()
                .stream()
                .filter(each -> each.latestRun().orElseThrow().status() == status)
                .count();
    }

    @Test
    void aHandlerThatThrowsFailsItsRun() {
        Run queued = queue();
        WorkerPool pool =
                open(
                        pool(
                                context -> {
                                    throw new IllegalStateException("the repository is gone");
                                }));

        pool.runOnce();

        Run run = stored(queued);
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.errorMessage()).hasValue("the repository is gone");
        assertThat(findEntry(queued)).isEmpty();
        assertThat(events)
                .contains(
                        new DispatchEvent.HandlerEnded(
                                queued, Duration.ZERO, Optional.of("the repository is gone")));
    }

    @Test
    void anErrorFailsTheRunAndIsRethrown() {
        List<Run> runs = queue(2);
        HandlerThreads threads =
                HandlerThreads.waiting(
                        context -> {
                            throw new StackOverflowError("too deep");
                        });
        WorkerPool pool = open(threads);
        pool.runOnce();

        assertThatThrownBy(threads::runNext).isInstanceOf(StackOverflowError.class);
        assertThat(pool.runOnce()).isEqualTo(1); // The handler is free.

        assertThat(runs.stream().map(this::stored).map(Run::status))
                .containsExactlyInAnyOrder(RunStatus.FAILED, RunStatus.QUEUED);
        assertThat(runs.stream().map(this::stored).flatMap(run -> run.errorMessage().stream()))
                .containsExactly("too deep");
    }

    @Test
    void anInvalidResultFailsTheRun() {
        List<UpdateRunRequest> results =
                List.of(
                        UpdateRunRequest.builder().status(RunStatus.IN_PROGRESS).build(),
                        UpdateRunRequest.builder()
                                .status(RunStatus.COMPLETED)
                                .stage("x".repeat(2_000))
                                .build());
        List<Run> runs = queue(results.size());
        AtomicInteger next = new AtomicInteger();
        WorkerPool pool = open(pool(context -> results.get(next.getAndIncrement())));

        pool.runOnce();

        assertThat(runs.stream().map(this::stored))
                .allSatisfy(
                        run -> {
                            assertThat(run.status()).isEqualTo(RunStatus.FAILED);
                            assertThat(run.errorMessage()).isPresent();
                        });
    }

    /** Updates during the execution are kept. */
    @Test
    void aResultIsMergedIntoEarlierUpdates() {
        Run queued = queue();
        WorkerPool pool =
                open(
                        pool(
                                context -> {
                                    report(queued, RunStatus.IN_PROGRESS);
                                    return COMPLETED;
                                }));

        pool.runOnce();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(stored(queued).version()).isEqualTo(3);
    }

    // --- back-pressure

    @Test
    void neverMoreRunsAreClaimedThanHandlersAndThePrefetch() {
        queue(12);
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(pool(threads).executor(threads).size(2).prefetch(3));

        assertThat(pool.runOnce()).isEqualTo(2);
        assertThat(pool.runOnce()).isZero();
        assertThat(threads.pending()).isEqualTo(2);
        threads.runNext();
        threads.runNext();
        assertThat(pool.runOnce()).isEqualTo(4);
        assertThat(threads.pending()).isEqualTo(2);
        threads.runNext(); // A thread continues with the waiting runs.
        threads.runNext();
        assertThat(handled).hasSize(6);
        assertThat(pool.runOnce()).isEqualTo(5);
        assertThat(pool.runOnce()).isZero();
    }

    @Test
    void nothingIsClaimedInAdvanceForLongHandlers() {
        queue(4);
        WorkerPool pool =
                open(
                        pool(context -> {
                                    clock.advance(POLL);
                                    return COMPLETED;
                                })
                                .size(1)
                                .prefetch(3));

        assertThat(pool.runOnce()).isEqualTo(1);
        assertThat(pool.runOnce()).isEqualTo(1);
    }

    @Test
    void runsThatWaitForAHandlerTooLongAreReturnedToTheQueue() throws Exception {
        queue(4);
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(pool(threads).executor(threads).size(2).prefetch(2));
        pool.runOnce();
        threads.runNext();
        pool.runOnce(); // One handler is free, one run is claimed in advance.
        assertThat(otherWorker().claim(4)).isEmpty();

        clock.advance(POLL);
        pool.runOnce();

        assertThat(otherWorker().claim(4)).isNotEmpty();
    }

    @Test
    void onlyRunsOfTheScopeAreClaimed() {
        queue();
        WorkerPool pool = open(pool(COMPLETING).scope(ProjectScope.only(Set.of())));

        assertThat(pool.runOnce()).isZero();
    }

    // --- cancellation

    @Test
    void aCancelledRunCancelsItsHandler() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(threads);
        begin(pool, threads);

        project.runs().cancel(queued.task(), queued.id());
        pool.runOnce();
        threads.await();
        pool.runOnce();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(stored(queued).endReason()).hasValue(EndReason.CANCELLED);
        assertThat(findEntry(queued)).isEmpty();
        assertThat(events).last().isEqualTo(new DispatchEvent.SupervisionEnded(stored(queued)));
    }

    @Test
    void aDeletedTaskCancelsItsHandler() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(threads);
        begin(pool, threads);

        project.tasks().delete(queued.task());
        pool.runOnce();
        threads.await();
        pool.runOnce();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(findEntry(queued)).isEmpty();
    }

    /** A change that another node makes is noticed when the lease is renewed. */
    @Test
    void aCancellationByAnotherNodeIsNoticedAtTheNextRenewal() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(threads);
        begin(pool, threads);
        clock.advance(LEASE.dividedBy(3));
        pool.runOnce(); // Reads the run, which is not cancelled yet.
        try (Errand other = anotherEngine(EngineOptions.DEFAULT)) {
            other.project(PROJECT, Caller.host()).runs().cancel(queued.task(), queued.id());
        }

        clock.advance(LEASE.dividedBy(3));
        pool.runOnce();
        threads.await();
        pool.runOnce();

        assertThat(findEntry(queued)).isEmpty();
    }

    private Errand anotherEngine(EngineOptions options) {
        return Errand.builder(
                        backend,
                        objects,
                        ProjectDirectory.of(new Project(PROJECT, "Acme Mobile App")))
                .clock(clock)
                .options(options)
                .build();
    }

    /** A terminal status is final, and late output is kept (docs/wire/runs.md#g3). */
    @Test
    void theLateResultOfACancelledRunIsKeptExceptForItsStatus() throws Exception {
        Run queued = queue();
        List<Boolean> cancelled = new CopyOnWriteArrayList<>();
        HandlerThreads threads =
                HandlerThreads.ignoringInterrupts(
                        context -> {
                            cancelled.add(context.isCancelled());
                            return COMPLETED;
                        });
        WorkerPool pool = open(threads);
        begin(pool, threads);

        project.runs().cancel(queued.task(), queued.id());
        pool.runOnce();
        threads.release();
        threads.await();
        pool.runOnce();

        assertThat(cancelled).containsExactly(true);
        assertThat(stored(queued).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(stored(queued).output()).isEqualTo(COMPLETED.output().value());
    }

    /** docs/wire/starting-runs.md#i9 */
    @Test
    void aRestartedRunIsExecutedAgainAfterItsHandlerHasReturned() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(threads);
        begin(pool, threads);

        project.runs()
                .update(queued.task(), queued.id(), UpdateRunRequest.builder().handOff().build());
        project.runs().resumeInCloud(queued.task(), queued.id());
        pool.runOnce();
        threads.await();
        pool.runOnce(); // Writes the end of the first handler, if that is not written yet.
        pool.runOnce();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.QUEUED);
        assertThat(stored(queued).attempt()).isEqualTo(2);
        threads.runNext();
        pool.runOnce();
        assertThat(stored(queued).status()).isEqualTo(RunStatus.COMPLETED);
    }

    /** The run continues on a person's machine, which reports its end. */
    @Test
    void theResultOfARunThatWasHandedOffIsDiscarded() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.ignoringInterrupts(COMPLETING);
        WorkerPool pool = open(threads);
        begin(pool, threads);

        project.runs()
                .update(queued.task(), queued.id(), UpdateRunRequest.builder().handOff().build());
        pool.runOnce();
        threads.release();
        threads.await();
        pool.runOnce();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.QUEUED);
        assertThat(stored(queued).output()).isEmpty();
        assertThat(findEntry(queued)).isEmpty();
    }

    @Test
    void aHandlerThatReportsTheEndOfItsRunHasTheGracePeriodToReturn() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        List<WorkContext> contexts = new CopyOnWriteArrayList<>();
        WorkerPool pool =
                open(
                        pool(context -> {
                                    contexts.add(context);
                                    return threads.handle(context);
                                })
                                .executor(threads)
                                .size(1));
        begin(pool, threads);
        report(queued, RunStatus.COMPLETED);

        pool.runOnce();
        assertThat(contexts.get(0).isCancelled()).isFalse();
        clock.advance(GRACE);
        pool.runOnce();
        assertThat(contexts.get(0).isCancelled()).isTrue();
        threads.await();
        pool.runOnce();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(findEntry(queued)).isEmpty();
    }

    @Test
    void aRunThatIsCancelledWhileItWaitsForAHandlerIsNotExecuted() {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(threads);
        pool.runOnce();

        project.runs().cancel(queued.task(), queued.id());
        pool.runOnce();
        threads.runNext();

        assertThat(handled).isEmpty();
        assertThat(findEntry(queued)).isEmpty();
        assertThat(pool.runningHandlers()).isZero();
    }

    // --- leases

    @Test
    void leasesOfExecutingRunsAreRenewed() throws Exception {
        queue(3);
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(pool(threads).executor(threads).size(3));
        pool.runOnce();
        threads.beginNext();
        threads.beginNext();
        threads.beginNext();

        for (int i = 0; i < 6; i++) {
            clock.advance(LEASE.dividedBy(3));
            pool.runOnce();
        }

        assertThat(otherWorker().claim(3)).isEmpty();
        threads.release();
        threads.await();
        pool.runOnce();
        assertThat(count(RunStatus.COMPLETED)).isEqualTo(3);
    }

    @Test
    void aLostLeaseCancelsItsHandlerAndDiscardsItsResult() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.ignoringInterrupts(COMPLETING);
        List<WorkContext> contexts = new CopyOnWriteArrayList<>();
        WorkerPool pool =
                open(
                        pool(context -> {
                                    contexts.add(context);
                                    return threads.handle(context);
                                })
                                .executor(threads)
                                .size(1));
        begin(pool, threads);
        clock.advance(LEASE);
        List<ClaimedRun> taken = otherWorker().claim(1);
        String before = stored(queued).toString();

        pool.runOnce();
        assertThat(contexts.get(0).isCancelled()).isTrue();
        threads.release();
        threads.await();
        pool.runOnce();

        assertThat(taken).hasSize(1);
        assertThat(stored(queued)).hasToString(before);
        assertThat(otherWorker().renew(taken).get(0)).isPresent();
        assertThat(events).filteredOn(event -> event instanceof DispatchEvent.LeaseLost).hasSize(1);
        assertThat(events)
                .filteredOn(event -> event instanceof DispatchEvent.SupervisionEnded)
                .hasSize(1);
    }

    /** The lease may be lost after the handler returned and before its result is written. */
    @Test
    void aResultUnderALostLeaseIsRejected() {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(threads);
        pool.runOnce();
        threads.runNext();
        clock.advance(LEASE);
        assertThat(otherWorker().claim(1)).hasSize(1);

        pool.runOnce();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.QUEUED);
    }

    // --- time limits

    @Test
    void aHandlerIsCancelledAtItsTimeLimitAndItsRunFails() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool =
                open(pool(threads).executor(threads).size(1).prefetch(0).timeLimit(LIMIT));
        begin(pool, threads);

        clock.advance(LIMIT);
        pool.runOnce();
        threads.await();
        pool.runOnce();

        Run run = stored(queued);
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.endReason()).hasValue(EndReason.TIME_LIMIT);
        assertThat(run.errorMessage()).hasValue("The handler was stopped at its time limit.");
    }

    @Test
    void theTimeLimitOfARunTakesPrecedence() {
        Duration limit = Duration.ofSeconds(7);
        queue();
        try (Errand scheduling =
                anotherEngine(
                        EngineOptions.DEFAULT.withSchedulingPolicy(
                                (task, run) ->
                                        RunScheduling.DEFAULT.withTimeouts(
                                                RunTimeouts.NONE.withTotal(limit))))) {
            scheduling
                    .project(PROJECT, Caller.host())
                    .tasks()
                    .createAndRun(
                            CreateTaskRequest.builder().description("Fix it").build(),
                            RunTaskRequest.builder().build());
        }
        List<Optional<Instant>> deadlines = new ArrayList<>();
        WorkerPool pool =
                open(
                        pool(context -> {
                                    deadlines.add(context.deadline());
                                    return COMPLETED;
                                })
                                .timeLimit(LIMIT));

        pool.runOnce();

        assertThat(deadlines)
                .containsExactlyInAnyOrder(
                        Optional.of(clock.instant().plus(LIMIT)),
                        Optional.of(clock.instant().plus(limit)));
    }

    @Test
    void aHandlerThatIgnoresItsCancellationKeepsItsThreadButNotItsRun() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.ignoringInterrupts(COMPLETING);
        WorkerPool pool =
                open(pool(threads).executor(threads).size(1).prefetch(0).timeLimit(LIMIT));
        begin(pool, threads);

        clock.advance(LIMIT);
        pool.runOnce();
        assertThat(stored(queued).status()).isEqualTo(RunStatus.QUEUED);
        clock.advance(GRACE);
        pool.runOnce();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.FAILED);
        queue();
        assertThat(pool.runningHandlers()).isEqualTo(1);
        assertThat(pool.runOnce()).isZero();
        threads.release();
        threads.await();
        assertThat(pool.runOnce()).isEqualTo(1);
        assertThat(stored(queued).endReason()).hasValue(EndReason.TIME_LIMIT);
    }

    // --- failures of the storage

    @Test
    void unavailableStorageLosesNoResult() {
        List<Run> runs = queue(3);
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(pool(threads).executor(threads).size(3).prefetch(0));
        pool.runOnce();
        while (threads.pending() > 0) {
            threads.runNext();
        }

        storage.fail();
        pool.runOnce();
        assertThat(runs.stream().map(this::stored).map(Run::status)).containsOnly(RunStatus.QUEUED);
        storage.restore();
        pool.runOnce();

        assertThat(runs.stream().map(this::stored).map(Run::status))
                .containsOnly(RunStatus.COMPLETED);
        assertThat(handled).hasSize(3);
    }

    @Test
    void resultsThatCannotBeWrittenTogetherAreWrittenOneByOne() {
        List<Run> runs = queue(3);
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(pool(threads).executor(threads).size(3).prefetch(0));
        pool.runOnce();
        while (threads.pending() > 0) {
            threads.runNext();
        }

        storage.beforeNext(
                "settleAndClaim",
                () -> {
                    throw PortException.permanent("RunQueue", "one cannot be written");
                });
        pool.runOnce();

        assertThat(runs.stream().map(this::stored).map(Run::status))
                .containsOnly(RunStatus.COMPLETED);
    }

    @Test
    void aResultThatTheStorageRejectsFailsItsRun() {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(threads);
        pool.runOnce();
        threads.runNext();

        storage.beforeNext(
                "settleAndClaim",
                () -> {
                    throw PortException.permanent("RunQueue", "the output is too large");
                });
        pool.runOnce();
        pool.runOnce();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.FAILED);
        assertThat(stored(queued).errorMessage().orElseThrow()).contains("too large");
    }

    // --- stop

    @Test
    void aStopReturnsRunsThatWereNotBegunToTheQueue() {
        List<Run> runs = queue(3);
        WorkerPool pool =
                open(
                        pool(COMPLETING)
                                .executor(task -> {}) // Begins nothing.
                                .gracePeriod(Duration.ofMillis(1)));
        assertThat(pool.runOnce()).isEqualTo(3);

        pool.stop();

        assertThat(otherWorker().claim(3)).hasSameSizeAs(runs);
        assertThat(handled).isEmpty();
    }

    @Test
    void aStopWritesTheResultsThatAreReady() {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(threads);
        pool.runOnce();
        threads.runNext();

        pool.stop();

        assertThat(stored(queued).status()).isEqualTo(RunStatus.COMPLETED);
    }

    /** The run is not to blame, so it is executed again. */
    @Test
    void aStopReturnsARunToTheQueueIfItsHandlerIsInterrupted() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.waiting(COMPLETING);
        WorkerPool pool = open(pool(threads).executor(threads).gracePeriod(Duration.ofSeconds(1)));
        begin(pool, threads);

        pool.stop();
        threads.await();

        assertThat(stored(queued)).isEqualTo(queued);
        assertThat(otherWorker().claim(1)).hasSize(1);
        assertThat(events).last().isEqualTo(new DispatchEvent.SupervisionEnded(queued));
    }

    @Test
    void aHandlerThatIgnoresTheStopKeepsItsLeaseUntilItExpires() throws Exception {
        Run queued = queue();
        HandlerThreads threads = HandlerThreads.ignoringInterrupts(COMPLETING);
        WorkerPool pool = open(pool(threads).executor(threads).gracePeriod(Duration.ofMillis(1)));
        begin(pool, threads);

        pool.stop();

        assertThat(otherWorker().claim(1)).isEmpty();
        clock.advance(LEASE);
        assertThat(otherWorker().claim(1)).hasSize(1);
        threads.release();
        threads.await();
        assertThat(stored(queued)).isEqualTo(queued);
    }

    private static void begin(WorkerPool pool, HandlerThreads threads) throws Exception {
        assertThat(pool.runOnce()).isEqualTo(1);
        threads.beginNext();
    }
}
