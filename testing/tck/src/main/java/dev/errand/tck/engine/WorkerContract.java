package dev.errand.tck.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.ErrorCode;
import dev.errand.Policies;
import dev.errand.RequestRefused;
import dev.errand.run.RunReport;
import dev.errand.run.RunTask;
import dev.errand.run.Settled;
import dev.errand.run.UpdateRun;
import dev.errand.run.Worker;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithRun;
import dev.errand.task.CreateTask;
import dev.errand.task.TaskToRun;
import dev.errand.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many at a time, and work in the host's own process, by the same rules (contract D2, D6, G3). */
public abstract class WorkerContract extends EngineContract {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final CreateTask TASK = CreateTask.builder().description("Fix it.").build();
    private static final RunTask RUN = RunTask.builder().build();
    private static final UpdateRun COMPLETED =
            UpdateRun.builder()
                    .status(RunStatus.COMPLETED)
                    .output(JsonText.of("{\"pr_url\":\"u\"}"))
                    .build();

    private Worker worker;

    /** For the contracts. */
    protected WorkerContract() {}

    /** A worker of every project. */
    @BeforeEach
    public void openWorker() {
        worker = engine.errand().worker(ProjectScope.everyProject(), "worker-1", LEASE);
    }

    @Test
    void aTaskIsCreatedAndRunInOneStep() {
        TaskWithRun made = engine.rosas().tasks().createAndRun(TASK, RUN);

        assertThat(engine.rosas().tasks().get(made.task().id())).isEqualTo(made);
        assertThat(made.task().details().title()).isEqualTo("Fix it.");
        assertThat(made.latestRun().orElseThrow().status()).isEqualTo(RunStatus.QUEUED);
        assertThat(engine.told().events()).hasSize(2);
        assertThat(engine.told().events().get(0)).isEqualTo(new RunEvent.TaskCreated(made.task()));
        assertThat(engine.told().versionsOf(run(made).id())).containsExactly(run(made));
    }

    @Test
    void tasksAreNumberedInTheOrderGiven() {
        List<TaskWithRun> plain = engine.rosas().tasks().createAll(Collections.nCopies(3, TASK));
        List<TaskWithRun> running =
                engine.rosas().tasks().createAndRunAll(Collections.nCopies(3, both()));

        assertThat(plain).extracting(each -> each.task().number()).containsExactly(0L, 1L, 2L);
        assertThat(running).extracting(each -> each.task().number()).containsExactly(3L, 4L, 5L);
        assertThat(plain).allMatch(each -> each.latestRun().isEmpty());
        assertThat(engine.rosas().tasks().createAll(List.of())).isEmpty();
    }

    @Test
    void oneThatBreaksARuleKeepsAllOut() {
        RunTask resuming = RunTask.builder().resumeFromRunId(UUID.randomUUID()).build();
        RunTask attaching =
                RunTask.builder()
                        .pendingUserArtifactIds(List.of(UUID.randomUUID().toString()))
                        .build();

        assertRefused(
                () -> create(both(), new TaskToRun(TASK, resuming)),
                ErrorCode.INVALID_RESUME_RUN,
                "resume_from_run_id");
        assertThatThrownBy(() -> create(both(), new TaskToRun(TASK, attaching)))
                .isInstanceOfSatisfying(
                        RequestRefused.class,
                        refused ->
                                assertThat(refused.first().code())
                                        .isEqualTo(ErrorCode.MISSING_ARTIFACTS));
        assertRefused(
                () -> create(asUser(), new TaskToRun(TASK, resuming)),
                ErrorCode.INVALID_RESUME_RUN,
                "resume_from_run_id");
        assertThat(engine.backend().runsWithSecrets()).isEmpty();
        assertThat(engine.everyTask(engine.rosas().id())).isEmpty();
    }

    @Test
    void moreThanABatchIsRefused() {
        List<CreateTask> tooMany = Collections.nCopies(Tasks.MAX_BATCH + 1, TASK);

        assertThatThrownBy(() -> engine.rosas().tasks().createAll(tooMany))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1001 tasks are more than 1000");
    }

    @Test
    void aWorkerWorksUntilNothingIsDue() {
        List<TaskWithRun> made =
                engine.rosas().tasks().createAndRunAll(Collections.nCopies(4, both()));
        List<RunId> order = new ArrayList<>();

        int executed =
                worker.workUntilIdle(
                        claimed -> {
                            order.add(claimed.run().id());
                            return COMPLETED;
                        });

        assertThat(executed).isEqualTo(4);
        assertThat(order)
                .containsExactlyInAnyOrderElementsOf(
                        made.stream().map(each -> run(each).id()).toList());
        for (TaskWithRun each : made) {
            Run run = engine.stored(each.task().id(), run(each).id());
            assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(run.completedAt()).isPresent();
            assertThat(run.output()).contains(JsonText.of("{\"pr_url\":\"u\"}"));
            assertThat(run.dispatch().phase().isOwed()).isFalse();
            assertThat(engine.told().changesOf(run.id())).hasSize(2);
        }
        assertThat(engine.claimAll()).isEmpty();
    }

    @Test
    void aRunThatIsReleasedComesBackAtOnce() {
        engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun claimed = worker.claim(1).get(0);

        assertThat(worker.claim(1)).isEmpty();
        assertThat(worker.release(claimed)).isTrue();
        assertThat(worker.claim(1)).hasSize(1);
        assertThat(worker.release(claimed)).isFalse();
    }

    @Test
    void whoLostTheLeaseIsToldAndChangesNothing() {
        TaskWithRun made = engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun late = worker.claim(1).get(0);
        engine.clock().advance(LEASE);
        ClaimedRun next = worker.claim(1).get(0);
        String before = engine.picture();

        assertThat(worker.settle(List.of(new RunReport(late, COMPLETED))))
                .containsExactly(new Settled.LeaseLost(run(made).id()));
        assertThat(worker.renew(late)).isEmpty();
        assertThat(engine.picture()).isEqualTo(before);
        assertThat(worker.renew(next)).isPresent();
    }

    /** What the agent reported on the way is not lost. */
    @Test
    void aReportIsLaidOverWhatWasReportedMeanwhile() {
        TaskWithRun made = engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun claimed = worker.claim(1).get(0);
        rosa.updateRun(
                made.task().id(),
                run(made).id(),
                "{\"status\":\"in_progress\",\"output\":{\"tests\":3}}");

        worker.settle(List.of(new RunReport(claimed, COMPLETED)));

        Run run = engine.stored(made.task().id(), run(made).id());
        assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(run.output()).contains(JsonText.of("{\"tests\":3,\"pr_url\":\"u\"}"));
        assertThat(run.dispatch().phase().isOwed()).isFalse();
    }

    /** C§G3: an end is final, and late output is kept. */
    @Test
    void aRunThatWasCancelledMeanwhileStaysCancelled() {
        TaskWithRun made = engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun claimed = worker.claim(1).get(0);
        rosa.updateRun(made.task().id(), run(made).id(), "{\"status\":\"cancelled\"}");

        List<Settled> settled = worker.settle(List.of(new RunReport(claimed, COMPLETED)));

        Run run = engine.stored(made.task().id(), run(made).id());
        assertThat(settled).containsExactly(new Settled.Recorded(run));
        assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run.output()).contains(JsonText.of("{\"pr_url\":\"u\"}"));
        assertThat(run.dispatch().phase().isOwed()).isFalse();
    }

    @Test
    void whatWasCalledOffWhileItWaitedIsNotHandedOut() {
        TaskWithRun cancelled = engine.rosas().tasks().createAndRun(TASK, RUN);
        TaskWithRun handedOff = engine.rosas().tasks().createAndRun(TASK, RUN);
        TaskWithRun wanted = engine.rosas().tasks().createAndRun(TASK, RUN);
        rosa.updateRun(cancelled.task().id(), run(cancelled).id(), "{\"status\":\"cancelled\"}");
        rosa.updateRun(handedOff.task().id(), run(handedOff).id(), "{\"environment\":\"local\"}");

        List<ClaimedRun> claimed = worker.claim(10);

        assertThat(claimed).extracting(each -> each.run().id()).containsExactly(run(wanted).id());
        assertThat(stored(cancelled).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(stored(handedOff).status()).isEqualTo(RunStatus.QUEUED);
        assertThat(stored(cancelled).dispatch().phase().isOwed()).isFalse();
        assertThat(stored(handedOff).dispatch().phase().isOwed()).isFalse();
    }

    @Test
    void theTokenOfARunIsErasedWhenItIsSettled() {
        TaskWithRun made = engine.rosas().tasks().createAndRunAll(List.of(asUser())).get(0);
        assertThat(engine.backend().runsWithSecrets()).containsExactly(run(made).id());

        worker.workUntilIdle(claimed -> COMPLETED);

        assertThat(engine.backend().runsWithSecrets()).isEmpty();
    }

    @Test
    void aReportHasToEndTheRun() {
        engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun claimed = worker.claim(1).get(0);
        UpdateRun going = UpdateRun.builder().status(RunStatus.IN_PROGRESS).build();
        RunReport report = new RunReport(claimed, COMPLETED);

        assertThatThrownBy(() -> new RunReport(claimed, going))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> worker.settle(List.of(report, report)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachListenerIsToldThoughAnotherFails() {
        Told told = new Told();
        configure(
                Policies.DEFAULT,
                event -> {
                    throw new AssertionError("listener");
                },
                told);
        openWorker();

        TaskWithRun made = engine.rosas().tasks().createAndRun(TASK, RUN);
        worker.workUntilIdle(claimed -> COMPLETED);
        engine.told(); // Everything is told when this returns.

        assertThat(told.versionsOf(run(made).id())).hasSize(2);
    }

    private void create(TaskToRun... work) {
        engine.rosas().tasks().createAndRunAll(List.of(work));
    }

    private static TaskToRun both() {
        return new TaskToRun(TASK, RUN);
    }

    private static TaskToRun asUser() {
        return new TaskToRun(
                CreateTask.builder().title("Fix").repository("acme/mobile").build(),
                RunTask.builder()
                        .prAuthorshipMode(PrAuthorshipMode.USER)
                        .githubUserToken("ghu_4f1c")
                        .build());
    }

    private static Run run(TaskWithRun made) {
        return made.latestRun().orElseThrow();
    }

    private Run stored(TaskWithRun made) {
        TaskId task = made.task().id();
        return engine.stored(task, run(made).id());
    }
}
