package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.retention.HousekeepingResult;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.PortException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Erasure by call and by a retention policy (docs/operations.md#retention-and-erasure). */
public abstract class RetentionOperationsContract extends EngineContract {

    private static final Duration MONTH = Duration.ofDays(30);

    // --- by call

    @Test
    void anErasedTaskIsDeletedWithItsRunsAndObjects() {
        TaskId task = engine.task();
        RunId run = engine.notStartedRun(task);
        Artifact staged = engine.staged(task, "plan.txt");
        Artifact kept = engine.staged(engine.task(), "other.txt");

        Tasks.EraseResult result = engine.rosas().tasks().erase(task);

        assertThat(result.isComplete()).isTrue();
        assertThat(result.erased().tasks()).isEqualTo(1);
        assertThat(result.erased().runs()).isEqualTo(1);
        assertThat(engine.backend().runs().findIncludingDeleted(ACME, task, run)).isEmpty();
        assertThat(engine.objects().head(ACME, staged.storagePath())).isEmpty();
        assertThat(engine.objects().head(ACME, kept.storagePath())).isPresent();
        assertNotFound(() -> rosa.getTask(task));
    }

    @Test
    void anErasureCanBeRepeated() {
        TaskId task = engine.task();
        engine.rosas().tasks().delete(task);

        assertThat(engine.rosas().tasks().erase(task).erased().tasks()).isEqualTo(1);
        assertThat(engine.rosas().tasks().erase(task))
                .isEqualTo(new Tasks.EraseResult(ErasedData.NOTHING, true));
    }

    @Test
    void aTaskIsErasedAfterItsSandboxHasStopped() {
        TaskId task = engine.task();
        RunId run = engine.queuedRun(task);
        engine.launch(task, run);

        assertThat(engine.rosas().tasks().erase(task))
                .isEqualTo(new Tasks.EraseResult(ErasedData.NOTHING, false));
        assertNotFound(() -> rosa.getTask(task));

        end(task, run, RunStatus.CANCELLED);
        assertThat(engine.rosas().tasks().erase(task).isComplete()).isTrue();
        assertThat(engine.backend().runs().findIncludingDeleted(ACME, task, run)).isEmpty();
    }

    /** Ends a run as a dispatcher does that has stopped its sandbox. */
    private void end(TaskId task, RunId run, RunStatus status) {
        StoredRun before =
                engine.backend().runs().findIncludingDeleted(ACME, task, run).orElseThrow();
        StoredRun after =
                StoredRun.withoutEntry(
                        before.run()
                                .change(engine.clock().instant())
                                .endedWith(status, EndReason.REPORTED)
                                .build());
        engine.backend().runs().update(ACME, RunChange.of(before, after));
    }

    @Test
    void allTasksOfAProjectAreErased() {
        TaskId task = engine.task();
        TaskId internal = engine.task(CreateTaskRequest.builder().internal(true).build());
        TaskId running = engine.task();
        RunId run = engine.queuedRun(running);
        engine.launch(running, run);
        TaskId foreign =
                engine.others().tasks().create(CreateTaskRequest.builder().build()).task().id();

        Tasks.EraseResult first = engine.rosas().tasks().eraseAll();
        assertThat(first.isComplete()).isFalse();
        assertThat(first.erased().tasks()).isEqualTo(2);
        end(running, run, RunStatus.CANCELLED);
        Tasks.EraseResult second = engine.rosas().tasks().eraseAll();

        assertThat(second.isComplete()).isTrue();
        assertThat(second.erased().tasks()).isEqualTo(1);
        assertNotFound(() -> rosa.getTask(task));
        assertNotFound(() -> rosa.getTask(internal));
        assertThat(engine.others().tasks().get(foreign).task().id()).isEqualTo(foreign);
    }

    @Test
    void theObjectsOfAnErasedTaskAreDeletedLaterIfTheObjectStoreFails() {
        TaskId task = engine.task();
        Artifact staged = engine.staged(task, "plan.txt");
        engine.objects().unreachable(true);

        assertThatThrownBy(() -> engine.rosas().tasks().erase(task))
                .isInstanceOf(PortException.class);
        engine.objects().unreachable(false);
        assertThat(engine.objects().head(ACME, staged.storagePath())).isPresent();
        HousekeepingResult result = engine.errand().housekeeper(RetentionPolicy.DEFAULT).runOnce();

        assertThat(result.erased().objects()).isEqualTo(1);
        assertThat(engine.objects().head(ACME, staged.storagePath())).isEmpty();
    }

    // --- by policy

    @Test
    void deletedTasksAreErasedAfterTheirRetention() {
        TaskId task = engine.task();
        engine.rosas().tasks().delete(task);
        engine.clock().advance(MONTH.minusSeconds(1));

        assertThat(erased(RetentionPolicy.DEFAULT).tasks()).isZero();
        engine.clock().advance(Duration.ofHours(1).plusSeconds(1));
        HousekeepingResult result = engine.errand().housekeeper(RetentionPolicy.DEFAULT).runOnce();

        assertThat(result.erased().tasks()).isEqualTo(1);
        assertThat(result.lag()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    }

    @Test
    void endedTasksAreKeptUnlessThePolicySaysOtherwise() {
        TaskId completed = engine.task();
        end(completed, engine.queuedRun(completed), RunStatus.COMPLETED);
        TaskId failed = engine.task();
        end(failed, engine.queuedRun(failed), RunStatus.FAILED);
        RetentionPolicy policy =
                RetentionPolicy.DEFAULT.withEndedTasks(RunStatus.COMPLETED, Duration.ofDays(7));
        engine.clock().advance(Duration.ofDays(7).plusSeconds(1));

        assertThat(erased(RetentionPolicy.DEFAULT).tasks()).isZero();
        assertThat(erased(policy).tasks()).isEqualTo(1);
        assertNotFound(() -> rosa.getTask(completed));
        assertThat(rosa.getTask(failed).get("id").textValue()).isEqualTo(failed.toString());
    }

    @Test
    void logsAreDeletedAfterTheirRetention() {
        TaskId task = engine.task();
        RunId run = engine.queuedRun(task);
        end(task, run, RunStatus.COMPLETED);
        rosa.appendLog(task, run, "{\"entries\":[{\"type\":\"a\"}]}");
        engine.clock().advance(MONTH.plusSeconds(1));

        assertThat(erased(RetentionPolicy.DEFAULT).logs()).isZero();
        assertThat(erased(RetentionPolicy.DEFAULT.withLogs(MONTH)).logs()).isEqualTo(1);

        assertThat(engine.rosas().runs().readLog(task, run, 0, 10)).isEmpty();
        assertThat(engine.stored(task, run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aListenerThatFailsDoesNotAffectTheOthers() {
        List<HousekeepingResult> results = new ArrayList<>();
        engine.rosas().tasks().delete(engine.task());
        engine.clock().advance(MONTH.plusSeconds(1));

        HousekeepingResult result =
                engine.errand()
                        .housekeeper(
                                RetentionPolicy.DEFAULT,
                                each -> {
                                    throw new IllegalStateException("simulated failure");
                                },
                                results::add)
                        .runOnce();

        assertThat(results).containsExactly(result);
    }

    private ErasedData erased(RetentionPolicy policy) {
        return engine.errand().housekeeper(policy).runOnce().erased();
    }
}
