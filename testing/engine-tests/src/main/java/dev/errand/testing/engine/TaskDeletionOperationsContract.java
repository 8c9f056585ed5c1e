package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.artifact.PreparedUpload;
import dev.errand.spi.PageRequest;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deleting tasks (docs/wire/tasks.md#d5, #a10, docs/wire/runs.md#g2). */
public abstract class TaskDeletionOperationsContract extends EngineContract {

    @Test
    void aDeletedTaskIsNotFound() {
        TaskId task = engine.task();
        RunId run = engine.notStartedRun(task);
        PreparedUpload upload = engine.uploaded(task, "spec.pdf");

        engine.rosas().tasks().delete(task);

        assertNotFound(() -> engine.rosas().tasks().delete(task));
        assertNotFound(() -> rosa.getTask(task));
        assertNotFound(() -> rosa.updateTask(task, "{\"title\":\"New\"}"));
        assertNotFound(() -> rosa.runTask(task, "{}"));
        assertNotFound(
                () ->
                        rosa.prepareUpload(
                                task,
                                "{\"artifacts\":[{\"name\":\"a\",\"type\":\"plan\",\"size\":1}]}"));
        assertNotFound(() -> engine.finalized(task, upload));
        assertTaskNotFound(() -> rosa.createRun(task, "{}"));
        assertTaskNotFound(() -> rosa.listRuns(task, PageRequest.FIRST));
        assertTaskNotFound(() -> rosa.getRun(task, run));
        assertTaskNotFound(() -> rosa.updateRun(task, run, "{\"stage\":\"build\"}"));
        assertTaskNotFound(() -> rosa.startRun(task, run, "{}"));
        assertTaskNotFound(() -> rosa.setOutput(task, run, "{\"output\":1}"));
        assertTaskNotFound(() -> rosa.appendLog(task, run, "{\"entries\":[{}]}"));
        assertTaskNotFound(() -> engine.rosas().runs().readLog(task, run, 0, 1));
    }

    @Test
    void aDeletedTaskIsNotListed() {
        TaskId deleted = engine.task();
        TaskId kept = engine.task();
        engine.rosas().tasks().delete(deleted);

        assertThat(engine.allTasks(ACME)).extracting(it -> it.task().id()).containsExactly(kept);
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"NOT_STARTED", "QUEUED", "IN_PROGRESS"})
    void runsThatWereNotLaunchedAreCancelledAtOnce(RunStatus status) {
        TaskId task = engine.task();
        RunId run = engine.runIn(task, status);
        Run before = engine.stored(task, run);

        engine.rosas().tasks().delete(task);

        Run after = engine.stored(task, run);
        assertThat(after.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(after.endReason()).contains(EndReason.TASK_DELETED);
        assertThat(after.completedAt()).contains(after.updatedAt());
        assertThat(after.updatedAt()).isAfter(before.updatedAt());
    }

    @Test
    void localRunsAreCancelledAtOnce() {
        TaskId task = engine.task();
        RunId run = engine.notStartedRun(task, RunEnvironment.LOCAL);
        rosa.updateRun(task, run, "{\"status\":\"in_progress\"}");

        engine.rosas().tasks().delete(task);

        assertThat(engine.stored(task, run).status()).isEqualTo(RunStatus.CANCELLED);
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"COMPLETED", "FAILED", "CANCELLED"})
    void terminalRunsAreNotChanged(RunStatus status) {
        TaskId task = engine.task();
        RunId run = engine.runIn(task, status);
        Run before = engine.stored(task, run);

        engine.rosas().tasks().delete(task);

        assertThat(engine.stored(task, run).status()).isEqualTo(status);
        assertThat(engine.stored(task, run).completedAt()).isEqualTo(before.completedAt());
    }

    @Test
    void launchedRunsAreStoppedFirst() {
        TaskId task = engine.task();
        RunId run = engine.queuedRun(task);
        engine.launch(task, run);

        engine.rosas().tasks().delete(task);

        Run after = engine.stored(task, run);
        assertThat(after.status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(engine.getEntry(task, run).stopReason()).contains(StopReason.TASK_DELETED);
        assertThat(engine.claimAll()).extracting(it -> it.run().id()).containsExactly(run);
    }

    @Test
    void stagedArtifactsOfADeletedTaskCannotBeUsed() {
        TaskId deleted = engine.task();
        Artifact staged = engine.staged(deleted, "spec.pdf");
        TaskId other = engine.task();

        engine.rosas().tasks().delete(deleted);

        String body = "{\"pending_user_artifact_ids\":[\"" + staged.id() + "\"]}";
        assertNotFound(() -> rosa.runTask(deleted, body));
        assertRejected(
                () -> rosa.runTask(other, body),
                code("missing_artifacts"),
                "pending_user_artifact_ids");
    }

    @Test
    void deletionAndCancellationsAreDeliveredAsEvents() {
        TaskId task = engine.task();
        Set<RunId> runs = Set.of(engine.queuedRun(task), engine.notStartedRun(task));

        engine.rosas().tasks().delete(task);

        List<RunEvent> events = engine.closeAndGetListener().events();
        assertThat(events)
                .filteredOn(RunEvent.TaskDeleted.class::isInstance)
                .singleElement()
                .satisfies(
                        event -> {
                            RunEvent.TaskDeleted deleted = (RunEvent.TaskDeleted) event;
                            assertThat(deleted.task().id()).isEqualTo(task);
                            assertThat(deleted.task().deletedAt())
                                    .contains(deleted.task().updatedAt());
                        });
        assertThat(events)
                .filteredOn(RunEvent.RunChanged.class::isInstance)
                .map(RunEvent.RunChanged.class::cast)
                .filteredOn(RunEvent.RunChanged::isEnd)
                .extracting(change -> change.run().id())
                .containsExactlyInAnyOrderElementsOf(runs);
    }

    @Test
    void deletionDoesNotAffectOtherProjects() {
        TaskId task = WireClient.taskId(new WireClient(engine.others()).createTask("{}"));
        String before = engine.snapshot();

        assertNotFound(() -> engine.rosas().tasks().delete(task));

        assertThat(engine.snapshot()).isEqualTo(before);
    }
}
