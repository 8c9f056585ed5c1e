package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.jdbc.database.FaultInjectingDataSource;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.Runs;
import dev.errand.spi.JsonText;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestRuns;
import dev.errand.tck.TestTasks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/invariants.md#i13: the number of statements per call. */
final class StatementBudgetTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int TASKS = 30;

    private final TestClock clock = TestClock.at(aTask().build().createdAt());

    @Test
    void aPageTakesOneStatementOnPostgres() {
        CountingBackend counting =
                new CountingBackend(TestDatabase.postgresql(StatementBudgetTest.class));
        for (PageRequest page :
                List.of(PageRequest.of(1, 0), PageRequest.of(500, 0), PageRequest.of(5, 900))) {
            assertThat(counting.count(() -> counting.list(page))).as("%s", page).isEqualTo(1);
        }
    }

    @Test
    void aPageTakesAtMostTwoStatementsOnH2() {
        CountingBackend counting = new CountingBackend(TestDatabase.h2(StatementBudgetTest.class));
        assertThat(counting.count(() -> counting.list(PageRequest.of(500, 0)))).isEqualTo(1);
        assertThat(counting.count(() -> counting.list(PageRequest.of(1, 0)))).isEqualTo(2);
        assertThat(counting.count(() -> counting.list(PageRequest.of(5, 900)))).isEqualTo(2);
    }

    @Test
    void eachStepOfARunTakesOneStatementOnPostgres() {
        CountingBackend counting =
                new CountingBackend(TestDatabase.postgresql(StatementBudgetTest.class));
        Backend backend = counting.backend;
        assertThat(counting.count(counting::insertTask)).isEqualTo(1);
        Task task = counting.insertTask();
        assertThat(counting.count(() -> counting.insertRun(task))).isEqualTo(1);
        ClaimRequest some = new ClaimRequest("n", 1, Duration.ofMinutes(1));
        backend.queue().claim(ProjectScope.everyProject(), some); // Scans the queue once.
        assertThat(counting.count(() -> backend.queue().claim(ProjectScope.everyProject(), some)))
                .isEqualTo(1);
        ClaimRequest all = new ClaimRequest("n", 500, Duration.ofMinutes(1));
        assertThat(counting.count(() -> backend.queue().claim(ProjectScope.everyProject(), all)))
                .as("a claim and a scan that finds no others")
                .isEqualTo(2);
        StoredRun run = counting.insertRun(task);
        List<ClaimedRun> claimed = backend.queue().claim(ProjectScope.everyProject(), some);
        RunChange end = end(run).withLease(claimed.get(0).lease());
        assertThat(counting.count(() -> backend.runs().update(PROJECT, end))).isEqualTo(1);
        assertThat(counting.count(() -> backend.tasks().find(PROJECT, task.id()))).isEqualTo(1);
        assertThat(counting.count(() -> backend.runs().find(PROJECT, task.id(), run.id())))
                .isEqualTo(1);
        assertThat(
                        counting.count(
                                () ->
                                        backend.runs()
                                                .list(PROJECT, task.id(), PageRequest.of(1, 0))))
                .isEqualTo(1);
        assertThat(counting.count(() -> backend.queue().depth(ProjectScope.everyProject())))
                .isEqualTo(1);
    }

    @Test
    void aBatchTakesAsManyStatementsAsASingleItem() {
        CountingBackend counting =
                new CountingBackend(TestDatabase.postgresql(StatementBudgetTest.class));
        ClaimRequest some = new ClaimRequest("n", 20, Duration.ofMinutes(1));
        ProjectScope scope = ProjectScope.only(Set.of(PROJECT));
        RunQueue queue = counting.backend.queue();
        List<TaskInsertion> work = Stream.generate(this::work).limit(20).toList();

        assertThat(
                        counting.count(
                                () ->
                                        TestTasks.insertTasks(
                                                counting.backend.tasks(), PROJECT, work)))
                .isEqualTo(1);
        List<Settlement> first = completions(queue.claim(scope, some));
        AtomicReference<SettleAndClaimResult> turn = new AtomicReference<>();
        assertThat(counting.count(() -> turn.set(queue.settleAndClaim(first, scope, some))))
                .isEqualTo(1);
        assertThat(turn.get().claimed()).hasSize(20);
        List<Settlement> second = completions(turn.get().claimed());
        assertThat(counting.count(() -> TestRuns.settle(queue, second))).isEqualTo(1);
    }

    @Test
    void settlingAndClaimingInAllProjectsTakesTwoStatements() {
        CountingBackend counting =
                new CountingBackend(TestDatabase.postgresql(StatementBudgetTest.class));
        ClaimRequest some = new ClaimRequest("n", 20, Duration.ofMinutes(1));
        ProjectScope scope = ProjectScope.everyProject();
        RunQueue queue = counting.backend.queue();
        List<TaskInsertion> work = Stream.generate(this::work).limit(40).toList();
        TestTasks.insertTasks(counting.backend.tasks(), PROJECT, work);
        List<Settlement> ends = completions(queue.claim(scope, some));

        assertThat(counting.count(() -> queue.settleAndClaim(ends, scope, some))).isEqualTo(2);
    }

    @Test
    void renewingManyLeasesTakesOneStatement() {
        CountingBackend counting =
                new CountingBackend(TestDatabase.postgresql(StatementBudgetTest.class));
        RunQueue queue = counting.backend.queue();
        TestTasks.insertTasks(
                counting.backend.tasks(), PROJECT, Stream.generate(this::work).limit(20).toList());
        List<Lease> leases =
                queue
                        .claim(
                                ProjectScope.everyProject(),
                                new ClaimRequest("n", 20, Duration.ofMinutes(1)))
                        .stream()
                        .map(ClaimedRun::lease)
                        .toList();

        assertThat(leases).hasSize(20);
        assertThat(counting.count(() -> queue.renew(leases, Duration.ofMinutes(2)))).isEqualTo(1);
    }

    @Test
    void anAppendTakesOneStatementOnPostgres() {
        CountingBackend counting =
                new CountingBackend(TestDatabase.postgresql(StatementBudgetTest.class));
        Run run = counting.insertRun(counting.insertTask()).run();
        assertThat(counting.count(() -> counting.append(run, event("a-1"), event("a-2"))))
                .isEqualTo(1);
        assertThat(counting.count(() -> counting.append(run, event("a-3")))).isEqualTo(1);
        assertThat(counting.count(() -> counting.append(run, event("b-1")))).isEqualTo(1);
        assertThat(counting.count(() -> counting.append(run, event("a-2"), event("a-3"))))
                .as("all entries are repeated")
                .isEqualTo(1);
        assertThat(counting.count(() -> counting.append(run, event("a-3"), event("a-4"))))
                .as("an entry is repeated")
                .isEqualTo(2);
        assertThat(counting.count(() -> counting.append(run, event("not numbered")))).isEqualTo(2);
        LogEntry[] many =
                IntStream.range(10, 2_010).mapToObj(n -> event("a-" + n)).toArray(LogEntry[]::new);
        assertThat(counting.count(() -> counting.append(run, many)))
                .as("more than one segment")
                .isEqualTo(2);
    }

    /** docs/wire/logs.md#i5: with the reads of the engine. */
    @Test
    void appendLogTakesAtMostThreeStatements() {
        CountingBackend counting =
                new CountingBackend(TestDatabase.postgresql(StatementBudgetTest.class));
        Run run = counting.insertRun(counting.insertTask()).run();
        Runs runs = counting.agentOf(run);
        List<AppendLogRequest> requests =
                Stream.of("a-1", "a-2", "a-2", "not numbered", "not numbered")
                        .map(
                                id ->
                                        new AppendLogRequest(
                                                List.of(entryWithId("new"), entryWithId(id))))
                        .toList();
        assertThat(requests)
                .extracting(
                        request ->
                                counting.count(() -> runs.appendLog(run.task(), run.id(), request)))
                .containsExactly(2, 3, 2, 3, 2);
        AppendLogRequest keyed = new AppendLogRequest(List.of(JsonText.EMPTY_OBJECT));
        assertThat(
                        counting.count(
                                () ->
                                        runs.appendLog(
                                                run.task(), run.id(), keyed, Optional.of("k"))))
                .as("with an idempotency key")
                .isEqualTo(3);
        assertThat(
                        counting.count(
                                () ->
                                        runs.appendLog(
                                                run.task(), run.id(), keyed, Optional.of("k"))))
                .as("repeated: the run, the key that exists, its request, the end of the log")
                .isEqualTo(4);
        assertThat(counting.count(() -> runs.get(run.task(), run.id()))).isEqualTo(1);
    }

    private static LogEntry event(String id) {
        return new LogEntry(entryWithId(id), Optional.of(id));
    }

    private static JsonText entryWithId(String id) {
        return JsonText.of("{\"event_id\":\"" + id + "\"}");
    }

    private TaskInsertion work() {
        NewTask task = aTask().build();
        NewRun run = aRun(task.numbered(PROJECT, 0)).queuedAt(clock.instant()).build();
        return new TaskInsertion(task, Optional.of(run.stored()));
    }

    private List<Settlement> completions(List<ClaimedRun> claimed) {
        return claimed.stream()
                .map(one -> new Settlement(end(one.stored()).withLease(one.lease())))
                .toList();
    }

    private RunChange end(StoredRun run) {
        return RunChange.of(
                run,
                StoredRun.withoutEntry(
                        run.run()
                                .change(clock.instant())
                                .endedWith(RunStatus.COMPLETED, EndReason.REPORTED)
                                .build()));
    }

    /** A backend over a database with some tasks and runs, whose statements are counted. */
    private final class CountingBackend {
        private final FaultInjectingDataSource tap;
        private final Backend backend;

        CountingBackend(TestDatabase database) {
            database.reset();
            tap = new FaultInjectingDataSource(database.dataSource());
            backend = JdbcBackend.builder(tap).clock(clock).open();
            for (int i = 0; i < TASKS; i++) {
                insertRun(insertTask());
            }
        }

        int count(Runnable call) {
            tap.failAt(0, FaultInjectingDataSource.Fault.BEFORE);
            call.run();
            return tap.statements().size();
        }

        Object list(PageRequest page) {
            return backend.tasks().list(PROJECT, TaskFilter.DEFAULT, page);
        }

        Task insertTask() {
            return ((InsertResult.Inserted<Task>)
                            TestTasks.insertTask(
                                    backend.tasks(), PROJECT, aTask().build(), Optional.empty()))
                    .value();
        }

        RunLog.AppendResult append(Run run, LogEntry... entries) {
            Optional<SandboxId> writer = Optional.of(SandboxId.of(run));
            return backend.log()
                    .append(PROJECT, run.id(), writer, List.of(entries), Optional.empty());
        }

        /** Returns the operations of the run's agent, through the engine. */
        Runs agentOf(Run run) {
            InMemoryObjectStore objects =
                    InMemoryObjectStore.create(clock, Secret.of("a key of the tests"));
            ProjectDirectory projects = ProjectDirectory.of(new Project(PROJECT, "Acme"));
            Errand errand = Errand.builder(backend, objects, projects).build();
            RunGrant grant = new RunGrant(PROJECT, run.task(), run.id(), run.attempt());
            return errand.project(PROJECT, Caller.agent(Optional.empty(), grant)).runs();
        }

        StoredRun insertRun(Task task) {
            var run = aRun(task).queuedAt(clock.instant()).build();
            backend.runs().insert(PROJECT, run, Optional.empty());
            return run.stored();
        }
    }
}
