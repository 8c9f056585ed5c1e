package dev.errand.testing.engine;

import static dev.errand.spi.run.RunStatus.COMPLETED;
import static dev.errand.spi.run.RunStatus.FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.config.EngineOptions;
import dev.errand.error.ErrorCode;
import dev.errand.run.StatusPolicy;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reported statuses and their consequences (docs/wire/runs.md#g3 to #g5; docs/invariants.md#i3).
 * Every transition is tested in core.
 */
public abstract class RunStatusOperationsContract extends EngineContract {

    private TaskId task;

    /** Creates a task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    @ParameterizedTest
    @CsvSource({
        "STRICT,     QUEUED,      IN_PROGRESS, true",
        "STRICT,     IN_PROGRESS, COMPLETED,   true",
        "STRICT,     FAILED,      FAILED,      true",
        "STRICT,     COMPLETED,   IN_PROGRESS, false",
        "PERMISSIVE, COMPLETED,   IN_PROGRESS, true"
    })
    void aReportedStatusIsStoredIfThePolicyAllowsIt(
            StatusPolicy policy, RunStatus from, RunStatus to, boolean allowed) {
        configure(EngineOptions.DEFAULT.withStatusPolicy(policy));
        RunId run = engine.runIn(task, from);
        Run before = engine.stored(task, run);
        String report = "{\"status\":\"" + to.wire() + "\",\"stage\":\"build\"}";

        if (allowed) {
            rosa.updateRun(task, run, report);
            assertMoved(before, engine.stored(task, run), to);
        } else {
            assertRejected(
                    () -> rosa.updateRun(task, run, report),
                    ErrorCode.INVALID_STATUS_TRANSITION,
                    "status",
                    "Cannot change status from " + from.wire() + " to " + to.wire());
        }
    }

    private static void assertMoved(Run before, Run after, RunStatus to) {
        assertThat(after.status()).isEqualTo(to);
        assertThat(after.stage()).contains("build");
        assertThat(after.updatedAt()).isAfter(before.updatedAt());
        assertThat(after.completedAt().isPresent()).isEqualTo(to.isTerminal());
        assertThat(after.endReason().isPresent()).isEqualTo(to.isTerminal());
    }

    @ParameterizedTest
    @CsvSource({"COMPLETED, REPORTED", "FAILED, REPORTED", "CANCELLED, CANCELLED"})
    void aTerminalRunHasAnEndReason(RunStatus end, EndReason reason) {
        RunId run = engine.runIn(task, end);

        assertThat(engine.stored(task, run).endReason()).contains(reason);
    }

    @Test
    void theCompletionTimeIsNotChanged() {
        RunId run = engine.runIn(task, FAILED);
        String completedAt = rosa.getRun(task, run).get("completed_at").textValue();
        engine.clock().advance(Duration.ofHours(1));

        rosa.updateRun(task, run, "{\"status\":\"failed\",\"error_message\":\"Broken\"}");

        assertMembers(
                rosa.getRun(task, run),
                "{\"completed_at\":\"%s\",\"error_message\":\"Broken\"}".formatted(completedAt));
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"NOT_STARTED", "QUEUED"})
    void aReopenedRunCanBeStarted(RunStatus revived) {
        configure(EngineOptions.DEFAULT.withStatusPolicy(StatusPolicy.PERMISSIVE));
        RunId run = engine.runIn(task, COMPLETED);
        engine.removeEntry(task, run);
        rosa.updateRun(task, run, "{\"status\":\"" + revived.wire() + "\"}");

        rosa.startRun(task, run, "{}");

        assertMembers(rosa.getRun(task, run), "{\"status\":\"queued\"}");
        assertThat(engine.claimAll()).extracting(it -> it.run().id()).containsExactly(run);
    }

    // --- stopping sandboxes

    @ParameterizedTest
    @CsvSource({"completed, ENDED", "failed, ENDED", "cancelled, CANCELLED"})
    void theSandboxOfAnEndedRunIsStopped(String status, StopReason cause) {
        RunId run = engine.queuedRun(task);
        engine.launch(task, run);

        rosa.updateRun(task, run, "{\"status\":\"" + status + "\"}");

        assertThat(engine.getEntry(task, run).stopReason()).contains(cause);
        assertThat(engine.claimAll()).extracting(it -> it.run().id()).containsExactly(run);
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"IN_PROGRESS", "COMPLETED"})
    void aRunCanBeHandedOffInAnyStatus(RunStatus status) {
        RunId run = engine.runIn(task, status);

        assertMembers(
                rosa.updateRun(task, run, "{\"environment\":\"local\"}"),
                "{\"environment\":\"local\",\"status\":\"" + status.wire() + "\"}");
    }

    @Test
    void aHandoffStopsTheSandboxButNotTheRun() {
        RunId run = engine.queuedRun(task);
        engine.launch(task, run);

        rosa.updateRun(task, run, "{\"environment\":\"local\"}");

        assertThat(engine.getEntry(task, run).stopReason()).contains(StopReason.HANDOFF);
        assertMembers(
                rosa.updateRun(task, run, "{\"status\":\"completed\"}"),
                "{\"status\":\"completed\",\"environment\":\"local\"}");
    }

    @Test
    void aLocalRunStaysLocal() {
        RunId run = engine.notStartedRun(task, RunEnvironment.LOCAL);
        Run before = engine.stored(task, run);

        rosa.updateRun(task, run, "{\"environment\":\"local\"}");

        assertThat(engine.stored(task, run)).isEqualTo(before);
    }
}
