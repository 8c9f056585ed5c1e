package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.config.EngineOptions;
import dev.errand.dispatch.Worker;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateAndRunRequest;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.Tasks;
import dev.errand.testkit.RecordingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Batches of tasks and runs, and workers in the host's process (docs/wire/tasks.md#d2,
 * docs/wire/starting-runs.md#d6, docs/wire/runs.md#g3).
 */
public abstract class WorkerContract extends EngineContract {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final CreateTaskRequest TASK =
            CreateTaskRequest.builder().description("Fix it.").build();
    private static final RunTaskRequest RUN = RunTaskRequest.builder().build();
    private static final UpdateRunRequest COMPLETED =
            UpdateRunRequest.builder()
                    .status(RunStatus.COMPLETED)
                    .output(JsonText.of("{\"pr_url\":\"u\"}"))
                    .build();

    private Worker worker;

    /** Opens a worker for all projects. */
    @BeforeEach
    public void openWorker() {
        worker = engine.errand().worker(ProjectScope.everyProject(), "worker-1", LEASE);
    }

    @Test
    void aTaskIsCreatedAndRunInOneStep() {
        TaskWithLatestRun made = engine.rosas().tasks().createAndRun(TASK, RUN);

        assertThat(engine.rosas().tasks().get(made.task().id())).isEqualTo(made);
        assertThat(made.task().details().title()).isEqualTo("Fix it.");
        assertThat(made.latestRun().orElseThrow().status()).isEqualTo(RunStatus.QUEUED);
        assertThat(engine.closeAndGetListener().events()).hasSize(2);
        assertThat(engine.closeAndGetListener().events().get(0))
                .isEqualTo(new RunEvent.TaskCreated(made.task()));
        assertThat(engine.closeAndGetListener().versionsOf(run(made).id()))
                .containsExactly(run(made));
    }

    @Test
    void tasksAreNumberedInTheOrderGiven() {
        List<TaskWithLatestRun> plain =
                engine.rosas().tasks().createAll(Collections.nCopies(3, TASK));
        List<TaskWithLatestRun> running =
                engine.rosas().tasks().createAndRunAll(Collections.nCopies(3, both()));

        assertThat(plain).extracting(each -> each.task().number()).containsExactly(0L, 1L, 2L);
        assertThat(running).extracting(each -> each.task().number()).containsExactly(3L, 4L, 5L);
        assertThat(plain).allMatch(each -> each.latestRun().isEmpty());
        assertThat(engine.rosas().tasks().createAll(List.of())).isEmpty();
    }

    @Test
    void oneInvalidItemRejectsTheBatch() {
        RunTaskRequest resuming =
                RunTaskRequest.builder().resumeFromRunId(UUID.randomUUID()).build();
        RunTaskRequest attaching =
                RunTaskRequest.builder()
                        .pendingUserArtifactIds(List.of(UUID.randomUUID().toString()))
                        .build();

        assertRejected(
                () -> create(both(), new CreateAndRunRequest(TASK, resuming)),
                ErrorCode.INVALID_RESUME_RUN,
                "resume_from_run_id");
        assertThatThrownBy(() -> create(both(), new CreateAndRunRequest(TASK, attaching)))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        rejected ->
                                assertThat(rejected.first().code())
                                        .isEqualTo(ErrorCode.MISSING_ARTIFACTS));
        assertRejected(
                () -> create(asUser(), new CreateAndRunRequest(TASK, resuming)),
                ErrorCode.INVALID_RESUME_RUN,
                "resume_from_run_id");
        assertThat(engine.backend().runsWithSecrets()).isEmpty();
        assertThat(engine.allTasks(engine.rosas().id())).isEmpty();
    }

    @Test
    void aBatchThatIsTooLargeIsRejected() {
        List<CreateTaskRequest> tooMany = Collections.nCopies(Tasks.MAX_BATCH + 1, TASK);

        assertThatThrownBy(() -> engine.rosas().tasks().createAll(tooMany))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("requests must be at most 1000, not 1001");
    }

    @Test
    void runsAreSettledTogetherWithTheNextClaim() {
        List<TaskWithLatestRun> made =
                engine.rosas().tasks().createAndRunAll(Collections.nCopies(4, both()));
        List<RunId> order = new ArrayList<>();

        List<ClaimedRun> claimed = worker.claim(3);
        while (!claimed.isEmpty()) {
            claimed.forEach(each -> order.add(each.run().id()));
            claimed = worker.settleAndClaim(results(claimed), 3).claimed();
        }

        assertThat(order)
                .containsExactlyInAnyOrderElementsOf(
                        made.stream().map(each -> run(each).id()).toList());
        for (TaskWithLatestRun each : made) {
            Run run = engine.stored(each.task().id(), run(each).id());
            assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(run.completedAt()).isPresent();
            assertThat(run.output()).contains(JsonText.of("{\"pr_url\":\"u\"}"));
            assertThat(findEntry(each)).isEmpty();
            assertThat(engine.closeAndGetListener().changesOf(run.id())).hasSize(2);
        }
        assertThat(engine.claimAll()).isEmpty();
    }

    @Test
    void aReleasedRunIsClaimedAgainAtOnce() {
        engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun claimed = worker.claim(1).get(0);

        assertThat(worker.claim(1)).isEmpty();
        assertThat(worker.release(claimed)).isTrue();
        assertThat(worker.claim(1)).hasSize(1);
        assertThat(worker.release(claimed)).isFalse();
    }

    @Test
    void aWorkerWithoutTheLeaseChangesNothing() {
        TaskWithLatestRun made = engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun late = worker.claim(1).get(0);
        engine.clock().advance(LEASE);
        ClaimedRun next = worker.claim(1).get(0);
        String before = engine.snapshot();

        assertThat(worker.settle(List.of(new Worker.Result(late, COMPLETED))))
                .containsExactly(new Worker.Outcome.LeaseLost(run(made).id()));
        assertThat(worker.renew(List.of(late))).containsExactly(Optional.empty());
        assertThat(engine.snapshot()).isEqualTo(before);
        assertThat(worker.renew(List.of(next)).get(0)).isPresent();
    }

    /** Updates that the agent makes during the run are kept. */
    @Test
    void aResultIsMergedIntoEarlierUpdates() {
        TaskWithLatestRun made = engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun claimed = worker.claim(1).get(0);
        rosa.updateRun(
                made.task().id(),
                run(made).id(),
                "{\"status\":\"in_progress\",\"output\":{\"tests\":3}}");

        worker.settle(List.of(new Worker.Result(claimed, COMPLETED)));

        Run run = engine.stored(made.task().id(), run(made).id());
        assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(run.output()).contains(JsonText.of("{\"tests\":3,\"pr_url\":\"u\"}"));
        assertThat(findEntry(made)).isEmpty();
    }

    /** A terminal status is final, and late output is kept (docs/wire/runs.md#g3). */
    @Test
    void aConcurrentlyCancelledRunRemainsCancelled() {
        TaskWithLatestRun made = engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun claimed = worker.claim(1).get(0);
        rosa.updateRun(made.task().id(), run(made).id(), "{\"status\":\"cancelled\"}");

        List<Worker.Outcome> settled =
                worker.settle(List.of(new Worker.Result(claimed, COMPLETED)));

        Run run = engine.stored(made.task().id(), run(made).id());
        assertThat(settled).containsExactly(new Worker.Outcome.Recorded(run));
        assertThat(run.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(run.output()).contains(JsonText.of("{\"pr_url\":\"u\"}"));
        assertThat(findEntry(made)).isEmpty();
    }

    @Test
    void runsStoppedWhileQueuedAreNotClaimed() {
        TaskWithLatestRun cancelled = engine.rosas().tasks().createAndRun(TASK, RUN);
        TaskWithLatestRun handedOff = engine.rosas().tasks().createAndRun(TASK, RUN);
        TaskWithLatestRun wanted = engine.rosas().tasks().createAndRun(TASK, RUN);
        rosa.updateRun(cancelled.task().id(), run(cancelled).id(), "{\"status\":\"cancelled\"}");
        rosa.updateRun(handedOff.task().id(), run(handedOff).id(), "{\"environment\":\"local\"}");

        List<ClaimedRun> claimed = worker.claim(10);

        assertThat(claimed).extracting(each -> each.run().id()).containsExactly(run(wanted).id());
        assertThat(stored(cancelled).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(stored(handedOff).status()).isEqualTo(RunStatus.QUEUED);
        assertThat(findEntry(cancelled)).isEmpty();
        assertThat(findEntry(handedOff)).isEmpty();
    }

    @Test
    void theTokenOfARunIsErasedWhenItIsSettled() {
        TaskWithLatestRun made = engine.rosas().tasks().createAndRunAll(List.of(asUser())).get(0);
        assertThat(engine.backend().runsWithSecrets()).containsExactly(run(made).id());

        worker.settle(results(worker.claim(1)));

        assertThat(engine.backend().runsWithSecrets()).isEmpty();
    }

    @Test
    void aResultMustEndTheRun() {
        engine.rosas().tasks().createAndRun(TASK, RUN);
        ClaimedRun claimed = worker.claim(1).get(0);
        UpdateRunRequest going = UpdateRunRequest.builder().status(RunStatus.IN_PROGRESS).build();
        Worker.Result report = new Worker.Result(claimed, COMPLETED);

        assertThatThrownBy(() -> new Worker.Result(claimed, going))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> worker.settle(List.of(report, report)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFailingListenerDoesNotAffectOthers() {
        RecordingListener listener = new RecordingListener();
        configure(
                EngineOptions.DEFAULT,
                event -> {
                    throw new AssertionError("listener");
                },
                listener);
        openWorker();

        TaskWithLatestRun made = engine.rosas().tasks().createAndRun(TASK, RUN);
        worker.settle(results(worker.claim(1)));
        engine.closeAndGetListener(); // Delivers all events.

        assertThat(listener.versionsOf(run(made).id())).hasSize(2);
    }

    private static List<Worker.Result> results(List<ClaimedRun> claimed) {
        return claimed.stream().map(each -> new Worker.Result(each, COMPLETED)).toList();
    }

    private void create(CreateAndRunRequest... work) {
        engine.rosas().tasks().createAndRunAll(List.of(work));
    }

    private static CreateAndRunRequest both() {
        return new CreateAndRunRequest(TASK, RUN);
    }

    private static CreateAndRunRequest asUser() {
        return new CreateAndRunRequest(
                CreateTaskRequest.builder().title("Fix").repository("acme/mobile").build(),
                RunTaskRequest.builder()
                        .prAuthorshipMode(PrAuthorshipMode.USER)
                        .githubUserToken("ghu_4f1c")
                        .build());
    }

    private static Run run(TaskWithLatestRun made) {
        return made.latestRun().orElseThrow();
    }

    private Run stored(TaskWithLatestRun made) {
        TaskId task = made.task().id();
        return engine.stored(task, run(made).id());
    }

    private Optional<QueueEntry> findEntry(TaskWithLatestRun made) {
        return engine.findEntry(made.task().id(), run(made).id());
    }
}
