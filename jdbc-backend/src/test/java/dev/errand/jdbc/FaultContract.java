package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.FaultInjectingDataSource;
import dev.errand.jdbc.database.FaultInjectingDataSource.Fault;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import dev.errand.tck.TestArtifacts;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * docs/invariants.md#i7: the connection breaks at the n-th JDBC call, for n = 1, 2, 3 and so on
 * until the operation completes; once before the call, and once after it, so that its response is
 * lost. Each time the backend repeats the operation, or the caller gets a retryable exception and
 * retries, and finds that the operation took effect once.
 */
abstract class FaultContract {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final RunId RUN = RunId.of(UUID.randomUUID());
    private static final ArtifactId UPLOAD = ArtifactId.of(UUID.randomUUID());

    private final TestClock clock = TestClock.at(aTask().build().createdAt());
    private TestDatabase database;
    private FaultInjectingDataSource tap;
    private Backend good;
    private Backend faulty;
    private long lastProject;
    private ProjectId project;
    private Task task;

    /** Returns the database whose connections break. */
    abstract TestDatabase database();

    @BeforeEach
    void openBackends() {
        database = database();
        database.reset();
        good = database.open(clock);
        tap = new FaultInjectingDataSource(database.breakable());
        faulty =
                JdbcBackend.builder(tap)
                        .clock(new ClockUsedOutsideTransactions())
                        .secretKeys(TestDatabase.SECRET_KEYS)
                        .pause(nanos -> {})
                        .open();
    }

    /**
     * The database clock may need a connection. With a pool of one, an operation that holds it
     * while reading the time would deadlock.
     */
    private final class ClockUsedOutsideTransactions extends Clock {
        @Override
        public Instant instant() {
            assertThat(tap.openConnections())
                    .as("connections held while reading the time")
                    .isZero();
            return clock.instant();
        }

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    @AfterEach
    void emptyDatabase() {
        database.reset();
    }

    /**
     * Runs a case for every fault.
     *
     * @param prepare creates the subject of the operation
     * @param operation is repeated until it returns
     * @param verify checks the result and the stored data
     */
    private <S, A> void everyFault(
            Function<Task, S> prepare, Operation<S, A> operation, Verification<S, A> verify) {
        for (Fault fault : Fault.values()) {
            boolean completed = false;
            for (int call = 1; !completed; call++) {
                project = ProjectId.of(++lastProject);
                task =
                        inserted(
                                TestTasks.insertTask(
                                        good.tasks(), project, aTask().build(), Optional.empty()));
                S subject = prepare.apply(task);
                tap.failAt(call, fault);
                A answer = null;
                boolean failed = false;
                try {
                    answer = operation.with(faulty, subject);
                } catch (PortException e) {
                    assertThat(e.isRetryable()).as("%s call %d: %s", fault, call, e).isTrue();
                    failed = true;
                }
                completed = !tap.isFaultReached();
                assertThat(tap.openConnections()).as("%s call %d", fault, call).isZero();
                tap.failAt(0, fault);
                answer = failed ? operation.with(faulty, subject) : answer;
                verify.of(subject, answer);
            }
        }
    }

    private interface Operation<S, A> {
        A with(Backend backend, S subject);
    }

    private interface Verification<S, A> {
        void of(S subject, A answer);
    }

    @Test
    void aTaskWithAKeyIsInsertedOnce() {
        everyFault(
                before -> aTask().build(),
                (backend, insertion) ->
                        TestTasks.insertTask(backend.tasks(), project, insertion, key()),
                (insertion, answer) -> {
                    Task first = first(answer);
                    assertThat(first).isEqualTo(insertion.numbered(project, first.number()));
                    assertThat(good.tasks().list(project, TaskFilter.DEFAULT, PageRequest.FIRST))
                            .satisfies(page -> assertThat(page.total()).isEqualTo(2))
                            .satisfies(
                                    page ->
                                            assertThat(page.items().stream().map(row -> row.task()))
                                                    .contains(first));
                });
    }

    @Test
    void aTaskWithoutAKeyIsInsertedCompletelyOrNotAtAll() {
        everyFault(
                before -> before,
                (backend, before) ->
                        inserted(
                                TestTasks.insertTask(
                                        backend.tasks(),
                                        project,
                                        aTask().build(),
                                        Optional.empty())),
                (before, second) -> {
                    var page = good.tasks().list(project, TaskFilter.DEFAULT, PageRequest.FIRST);
                    assertThat(page.total()).isBetween(2L, 3L);
                    assertThat(page.items())
                            .extracting(row -> row.task().number())
                            .doesNotHaveDuplicates();
                    assertThat(page.items()).extracting(row -> row.task()).contains(second);
                });
    }

    @Test
    void aTaskIsUpdatedOnce() {
        everyFault(
                before -> before.withDetails(aTask().withTitle("new").details(), clock.instant()),
                (backend, next) -> backend.tasks().update(project, next),
                (next, answer) -> {
                    assertThat(answer)
                            .isIn(new TaskUpdateResult.Updated(next), new TaskUpdateResult.Stale());
                    assertThat(good.tasks().find(project, next.id()).orElseThrow().task())
                            .isEqualTo(next);
                });
    }

    @Test
    void aRunWithAKeyIsInsertedOnceWithItsArtifacts() {
        everyFault(
                before -> aRun(before).queuedAt(clock.instant()).consuming(stage().id()).build(),
                (backend, run) -> backend.runs().insert(project, run, key()),
                (run, answer) -> {
                    Run stored =
                            good.runs()
                                    .find(project, task.id(), run.run().id())
                                    .orElseThrow()
                                    .run();
                    assertThat(stored.artifacts())
                            .extracting(each -> each.id())
                            .isEqualTo(run.consumes());
                    assertThat(first(answer)).isEqualTo(stored);
                    assertThat(good.staging().find(project, task.id(), run.consumes())).isEmpty();
                    assertThat(good.tasks().find(project, task.id()).orElseThrow().latestRun())
                            .contains(stored);
                    assertThat(claimAll()).hasSize(1);
                });
    }

    @Test
    void aRunWithoutAKeyIsInsertedCompletelyOrNotAtAll() {
        everyFault(
                before -> before,
                (backend, before) -> {
                    NewRun run = aRun(before).queuedAt(clock.instant()).build();
                    return backend.runs().insert(project, run, Optional.empty());
                },
                (before, answer) -> {
                    List<Run> runs =
                            good.runs().list(project, before.id(), PageRequest.FIRST).items();
                    assertThat(runs).hasSizeBetween(1, 2).contains(first(answer));
                    assertThat(good.tasks().find(project, before.id()).orElseThrow().latestRun())
                            .contains(runs.get(0));
                    assertThat(claimAll()).hasSameSizeAs(runs);
                });
    }

    @Test
    void aRunIsUpdatedOnceWithAndWithoutAKey() {
        for (Optional<Idempotency> key : List.of(Optional.<Idempotency>empty(), key())) {
            everyFault(
                    before -> ending(insertedWithEntry()).withKey(key),
                    (backend, change) -> backend.runs().update(project, change),
                    (change, answer) -> {
                        StoredRun after = change.after();
                        assertThat(good.runs().find(project, task.id(), after.id()))
                                .contains(after);
                        assertThat(answer)
                                .satisfiesAnyOf(
                                        it ->
                                                assertThat(it)
                                                        .isEqualTo(
                                                                new RunUpdateResult.Updated(after)),
                                        it ->
                                                assertThat(it)
                                                        .isEqualTo(
                                                                new RunUpdateResult.Stale(after)),
                                        it ->
                                                assertThat(((RunUpdateResult.Replayed) it).first())
                                                        .satisfies(
                                                                row ->
                                                                        assertThat(row.latestRun())
                                                                                .contains(
                                                                                        after
                                                                                                .run())));
                        assertThat(listed(RunStatus.COMPLETED)).containsExactly(task.id());
                        assertThat(claimAll()).isEmpty();
                    });
        }
    }

    @Test
    void aBatchIsInsertedOnceAndCompletely() {
        everyFault(
                before -> List.of(work(), work(), work()),
                (backend, work) -> {
                    try {
                        return TestTasks.insertTasks(backend.tasks(), project, work);
                    } catch (IllegalArgumentException alreadyInserted) {
                        return null; // The call whose response was lost has inserted it.
                    }
                },
                (work, answer) -> {
                    for (TaskInsertion each : work) {
                        assertThat(good.tasks().find(project, each.task().id()).orElseThrow())
                                .satisfies(
                                        row ->
                                                assertThat(row.latestRun())
                                                        .isEqualTo(each.run().map(StoredRun::run)))
                                .satisfies(row -> assertThat(row.task().number()).isPositive());
                    }
                    assertThat(claimAll()).hasSize(work.size());
                });
    }

    @Test
    void runsAreSettledOnceAndAClaimWithALostResponseExpires() {
        everyFault(
                before -> {
                    insertedRun();
                    insertedRun();
                    insertedRun();
                    return good.queue().claim(scope(), new ClaimRequest("n", 2, LEASE)).stream()
                            .map(FaultContract.this::completion)
                            .toList();
                },
                (backend, settlements) ->
                        backend.queue()
                                .settleAndClaim(
                                        settlements, scope(), new ClaimRequest("n", 5, LEASE)),
                (settlements, answer) -> {
                    for (Settlement settlement : settlements) {
                        StoredRun after = settlement.change().after();
                        assertThat(good.runs().find(project, task.id(), after.id()))
                                .contains(after);
                    }
                    assertThat(answer.settled())
                            .hasSize(2)
                            .allMatch(
                                    each ->
                                            each instanceof RunUpdateResult.Updated
                                                    || each instanceof RunUpdateResult.LeaseLost);
                    clock.advance(LEASE);
                    assertThat(claimAll()).hasSize(1);
                });
    }

    private TaskInsertion work() {
        NewTask fresh = aTask().build();
        NewRun run = aRun(fresh.numbered(project, 0)).queuedAt(clock.instant()).build();
        return new TaskInsertion(fresh, Optional.of(run.stored()));
    }

    private Settlement completion(ClaimedRun claimed) {
        return new Settlement(ending(claimed.stored()).withLease(claimed.lease()));
    }

    @Test
    void aRunIsClaimedOnceAndAClaimWithALostResponseExpires() {
        verifyClaim(ConcurrencyLimits.NONE);
        verifyClaim(ConcurrencyLimits.NONE.withTotal(10_000));
    }

    private void verifyClaim(ConcurrencyLimits limits) {
        ClaimRequest request = new ClaimRequest("n", 5, LEASE).withLimits(limits);
        everyFault(
                before -> insertedRun(),
                (backend, run) -> backend.queue().claim(scope(), request),
                (run, claimed) -> {
                    assertThat(claimed.size()).isLessThanOrEqualTo(1);
                    assertThat(claimAll()).isEmpty();
                    clock.advance(LEASE);
                    List<ClaimedRun> again = claimAll();
                    assertThat(again).extracting(ClaimedRun::run).containsExactly(run);
                    assertThat(again.get(0).lease().token() - QueueColumns.firstToken(run))
                            .isBetween(2L, 3L);
                });
    }

    @Test
    void aLeaseIsRenewedAndReleased() {
        everyFault(
                before -> claim(insertedRun()),
                (backend, lease) ->
                        backend.queue().renew(List.of(lease), LEASE.multipliedBy(2)).get(0),
                (lease, renewed) -> assertThat(renewed).isPresent());
        everyFault(
                before -> List.of(claim(insertedRun()), claim(insertedRun())),
                (backend, leases) -> backend.queue().renew(leases, LEASE.multipliedBy(2)),
                (leases, renewed) -> assertThat(renewed).hasSize(2).allMatch(Optional::isPresent));
        everyFault(
                before -> claim(insertedRun()),
                (backend, lease) -> backend.queue().release(lease),
                (lease, released) -> assertThat(claimAll()).hasSize(1));
    }

    @Test
    void uploadsAreReservedStagedAndRemoved() {
        everyFault(
                before -> TestArtifacts.aReservation(before, clock.instant()),
                (backend, reservation) -> {
                    backend.staging().reserve(project, List.of(reservation));
                    return reservation;
                },
                (reservation, same) -> assertThat(isReserved(reservation)).isTrue());
        everyFault(
                before -> {
                    Reservation reservation = TestArtifacts.aReservation(before, clock.instant());
                    good.staging().reserve(project, List.of(reservation));
                    return TestArtifacts.finalised(reservation, clock.instant());
                },
                (backend, staged) -> backend.staging().stage(project, List.of(staged)),
                (staged, refused) -> {
                    assertThat(refused).isEmpty();
                    assertThat(
                                    good.staging()
                                            .find(
                                                    project,
                                                    task.id(),
                                                    List.of(staged.artifact().id())))
                            .containsExactly(staged);
                });
        everyFault(
                before -> {
                    stage();
                    clock.advance(TestArtifacts.STAGED_FOR);
                    return clock.tick();
                },
                (backend, now) -> backend.retention().eraseExpired(500),
                (now, deleted) -> {
                    // Rows that a broken transaction still locked were skipped, and are deleted
                    // now.
                    good.retention().eraseExpired(500);
                    assertThat(good.retention().eraseExpired(500)).isEqualTo(ErasedData.NOTHING);
                    assertThat(good.retention().listObjectDeletions(500)).isNotEmpty();
                });
    }

    @Test
    void logEntriesAreAppendedOnceWithAKeyOrEventIds() {
        List<LogEntry> events =
                List.of(
                        new LogEntry(JsonText.of("{\"n\":1}"), Optional.of("1")),
                        new LogEntry(JsonText.of("{\"n\":2}"), Optional.of("2")));
        List<LogEntry> plain =
                List.of(new LogEntry(JsonText.EMPTY_OBJECT, Optional.empty()), events.get(0));
        verifyAppend(events, Optional.empty());
        verifyAppend(plain, key());
    }

    @Test
    void logEntriesOfAnExecutionAreAppendedOnceWithAKey() {
        List<LogEntry> entries = List.of(new LogEntry(JsonText.EMPTY_OBJECT, Optional.empty()));
        Optional<Idempotency> key = key();
        everyFault(
                before -> insertedRun(),
                (backend, run) ->
                        backend.log()
                                .append(
                                        project,
                                        run.id(),
                                        Optional.of(SandboxId.of(run)),
                                        entries,
                                        key),
                (run, answer) -> {
                    assertThat(answer).isIn(new RunLog.Appended(1, 1), new RunLog.Appended(0, 1));
                    assertThat(good.log().read(project, run.id(), LogFilter.ALL, 0, 9)).hasSize(1);
                });
    }

    private void verifyAppend(List<LogEntry> entries, Optional<Idempotency> key) {
        everyFault(
                before -> insertedRun(),
                (backend, run) ->
                        backend.log().append(project, run.id(), Optional.empty(), entries, key),
                (run, answer) -> {
                    assertThat(answer).isIn(new RunLog.Appended(2, 2), new RunLog.Appended(0, 2));
                    assertThat(good.log().read(project, run.id(), LogFilter.ALL, 0, 9))
                            .extracting(line -> line.json())
                            .containsExactlyElementsOf(
                                    entries.stream().map(LogEntry::json).toList());
                });
    }

    @Test
    void secretsAreStoredAndErased() {
        Map<String, Secret> secrets = Map.of("a", Secret.of("1"), "b", Secret.of("2"));
        everyFault(
                before -> insertedRun(),
                (backend, run) -> {
                    backend.secrets().put(project, run.id(), secrets, clock.instant().plus(LEASE));
                    return run;
                },
                (run, same) ->
                        assertThat(good.secrets().find(project, run.id())).isEqualTo(secrets));
        everyFault(
                before -> {
                    Run run = insertedRun();
                    good.secrets().put(project, run.id(), secrets, clock.instant().plus(LEASE));
                    return run;
                },
                (backend, run) -> {
                    backend.secrets().erase(project, run.id());
                    return run;
                },
                (run, same) -> assertThat(good.secrets().find(project, run.id())).isEmpty());
    }

    @Test
    void aReadSucceedsWhenItIsRetried() {
        // One of each store; all reads take the same path.
        List<Consumer<Backend>> reads =
                List.of(
                        backend -> backend.tasks().find(project, task.id()),
                        backend -> backend.runs().list(project, task.id(), PageRequest.FIRST),
                        backend -> backend.staging().find(project, task.id(), List.of(UPLOAD)),
                        backend -> backend.log().read(project, RUN, LogFilter.ALL, 0, 1),
                        backend -> backend.secrets().find(project, RUN),
                        backend -> backend.queue().depth(scope()));
        for (Consumer<Backend> read : reads) {
            everyFault(
                    before -> insertedRun(),
                    (backend, run) -> {
                        read.accept(backend);
                        return run;
                    },
                    (run, same) -> assertThat(same).isEqualTo(run));
        }
    }

    private static Optional<Idempotency> key() {
        return Optional.of(new Idempotency("user:1", "POST", "k", "hash"));
    }

    private ProjectScope scope() {
        return ProjectScope.only(Set.of(project));
    }

    private Run insertedRun() {
        return insertedWithEntry().run();
    }

    private StoredRun insertedWithEntry() {
        NewRun run = aRun(task).queuedAt(clock.instant()).build();
        assertThat(first(good.runs().insert(project, run, Optional.empty()))).isEqualTo(run.run());
        return run.stored();
    }

    private RunChange ending(StoredRun run) {
        return RunChange.of(
                run,
                StoredRun.withoutEntry(
                        run.run()
                                .change(clock.instant())
                                .endedWith(RunStatus.COMPLETED, EndReason.REPORTED)
                                .build()));
    }

    private Lease claim(Run run) {
        List<ClaimedRun> claimed = claimAll();
        assertThat(claimed).extracting(ClaimedRun::run).containsExactly(run);
        return claimed.get(0).lease();
    }

    private List<ClaimedRun> claimAll() {
        return good.queue().claim(scope(), new ClaimRequest("n", 100, LEASE));
    }

    private Artifact stage() {
        Reservation reservation = TestArtifacts.aReservation(task, clock.instant());
        good.staging().reserve(project, List.of(reservation));
        StagedArtifact staged = TestArtifacts.finalised(reservation, clock.instant());
        assertThat(good.staging().stage(project, List.of(staged))).isEmpty();
        return staged.artifact();
    }

    private boolean isReserved(Reservation reservation) {
        return good.staging().findReservation(project, task.id(), reservation.id()).isPresent();
    }

    private List<TaskId> listed(RunStatus status) {
        TaskFilter none = TaskFilter.DEFAULT;
        TaskFilter filter =
                new TaskFilter(
                        false,
                        none.createdBy(),
                        none.organization(),
                        none.originProduct(),
                        none.repository(),
                        none.search(),
                        none.stage(),
                        Optional.of(status));
        return good.tasks().list(project, filter, PageRequest.FIRST).items().stream()
                .map(row -> row.task().id())
                .toList();
    }

    private static Task inserted(InsertResult<Task> answer) {
        return ((InsertResult.Inserted<Task>) answer).value();
    }

    private static Task first(InsertResult<Task> answer) {
        return answer instanceof InsertResult.Replayed<Task> replayed
                ? replayed.first()
                : inserted(answer);
    }

    private static Run first(RunInsertResult answer) {
        return (answer instanceof RunInsertResult.Replayed replayed
                        ? replayed.first()
                        : ((RunInsertResult.Inserted) answer).task())
                .latestRun()
                .orElseThrow();
    }
}
