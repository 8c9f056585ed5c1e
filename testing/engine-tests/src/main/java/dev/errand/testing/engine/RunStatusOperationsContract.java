package dev.errand.testing.engine;

import static dev.errand.spi.run.RunStatus.CANCELLED;
import static dev.errand.spi.run.RunStatus.COMPLETED;
import static dev.errand.spi.run.RunStatus.FAILED;
import static dev.errand.spi.run.RunStatus.IN_PROGRESS;
import static dev.errand.spi.run.RunStatus.NOT_STARTED;
import static dev.errand.spi.run.RunStatus.QUEUED;
import static dev.errand.testing.engine.RunStatusOperationsContract.Answer.NO;
import static dev.errand.testing.engine.RunStatusOperationsContract.Answer.SAME;
import static dev.errand.testing.engine.RunStatusOperationsContract.Answer.YES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.config.EngineOptions;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.run.StatusPolicy;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which status a report may follow, and what comes with it: the whole matrix under both policies
 * (contract G3 to G5; invariant I3).
 */
public abstract class RunStatusOperationsContract extends EngineContract {

    /** What becomes of a reported status. */
    enum Answer {
        SAME,
        YES,
        NO
    }

    // spotless:off
    private static final Map<RunStatus, List<Answer>> STRICT = Map.of(
            //   from \ to      not_started queued in_progress completed failed cancelled
            NOT_STARTED, List.of(SAME,      NO,    YES,        YES,      YES,   YES),
            QUEUED,      List.of(NO,        SAME,  YES,        YES,      YES,   YES),
            IN_PROGRESS, List.of(NO,        NO,    SAME,       YES,      YES,   YES),
            COMPLETED,   List.of(NO,        NO,    NO,         SAME,     NO,    NO),
            FAILED,      List.of(NO,        NO,    NO,         NO,       SAME,  NO),
            CANCELLED,   List.of(NO,        NO,    NO,         NO,       NO,    SAME));
    // spotless:on

    private TaskId task;

    /** For the contracts. */
    protected RunStatusOperationsContract() {}

    /** One task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    static Stream<Arguments> cells() {
        return Arrays.stream(StatusPolicy.values())
                .flatMap(
                        policy ->
                                Arrays.stream(RunStatus.values())
                                        .flatMap(
                                                from ->
                                                        Arrays.stream(RunStatus.values())
                                                                .map(
                                                                        to ->
                                                                                Arguments.of(
                                                                                        policy,
                                                                                        from,
                                                                                        to))));
    }

    private static Answer answer(StatusPolicy policy, RunStatus from, RunStatus to) {
        Answer strict = STRICT.get(from).get(to.ordinal());
        return policy == StatusPolicy.PERMISSIVE && strict == NO ? YES : strict;
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyStatusIsReportedAfterEvery(StatusPolicy policy, RunStatus from, RunStatus to) {
        configure(EngineOptions.DEFAULT.withStatusPolicy(policy));
        RunId run = engine.runIn(task, from);
        Run before = engine.stored(task, run);
        String report = "{\"status\":\"" + to.wire() + "\",\"stage\":\"build\"}";

        switch (answer(policy, from, to)) {
            case NO -> {
                InvalidRequestException refused =
                        assertRefused(
                                () -> rosa.updateRun(task, run, report),
                                ErrorCode.INVALID_STATUS_TRANSITION,
                                "status",
                                "Cannot change status from " + from.wire() + " to " + to.wire());
                assertThat(refused.violations()).hasSize(1);
            }
            case SAME -> {
                rosa.updateRun(task, run, "{\"status\":\"" + to.wire() + "\"}");
                assertThat(engine.stored(task, run)).isEqualTo(before);
                rosa.updateRun(task, run, report);
                assertMoved(before, engine.stored(task, run), to);
                assertThat(engine.stored(task, run).completedAt()).isEqualTo(before.completedAt());
            }
            case YES -> {
                rosa.updateRun(task, run, report);
                assertMoved(before, engine.stored(task, run), to);
                if (to.isTerminal()) {
                    Run after = engine.stored(task, run);
                    assertThat(after.completedAt())
                            .contains(before.completedAt().orElse(after.updatedAt()));
                }
            }
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
    void anEndSaysWhy(RunStatus end, EndReason reason) {
        RunId run = engine.runIn(task, end);

        assertThat(engine.stored(task, run).endReason()).contains(reason);
    }

    @Test
    void anEndIsNeverMoved() {
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
    void aRevivedRunCanBeStarted(RunStatus revived) {
        configure(EngineOptions.DEFAULT.withStatusPolicy(StatusPolicy.PERMISSIVE));
        RunId run = engine.runIn(task, COMPLETED);
        engine.change(task, run, edit -> edit.dispatch(engine.stored(task, run).dispatch().done()));
        rosa.updateRun(task, run, "{\"status\":\"" + revived.wire() + "\"}");

        rosa.startRun(task, run, "{}");

        assertMembers(rosa.getRun(task, run), "{\"status\":\"queued\"}");
        assertThat(engine.claimAll()).extracting(it -> it.run().id()).containsExactly(run);
    }

    // --- what an end and a hand-over ask of the executor

    @ParameterizedTest
    @CsvSource({"completed, ENDED", "failed, ENDED", "cancelled, CANCELLED"})
    void theSandboxOfAnEndedRunIsToBeStopped(String status, DispatchState.StopReason cause) {
        RunId run = engine.queuedRun(task);
        engine.launch(task, run);

        rosa.updateRun(task, run, "{\"status\":\"" + status + "\"}");

        assertThat(engine.stored(task, run).dispatch().stop()).contains(cause);
        assertThat(engine.claimAll()).extracting(it -> it.run().id()).containsExactly(run);
    }

    @ParameterizedTest
    @EnumSource(RunStatus.class)
    void aRunGoesBackToAPersonInAnyStatus(RunStatus status) {
        RunId run = engine.runIn(task, status);

        assertMembers(
                rosa.updateRun(task, run, "{\"environment\":\"local\"}"),
                "{\"environment\":\"local\",\"status\":\"" + status.wire() + "\"}");
    }

    @Test
    void theSandboxOfARunThatWentBackIsToBeStoppedAndTheRunGoesOn() {
        RunId run = engine.queuedRun(task);
        engine.launch(task, run);

        rosa.updateRun(task, run, "{\"environment\":\"local\"}");

        assertThat(engine.stored(task, run).dispatch().stop())
                .contains(DispatchState.StopReason.HANDOFF);
        assertMembers(
                rosa.updateRun(task, run, "{\"status\":\"completed\"}"),
                "{\"status\":\"completed\",\"environment\":\"local\"}");
    }

    @Test
    void aLocalRunStaysLocal() {
        RunId run = engine.recordedRun(task, RunEnvironment.LOCAL);
        Run before = engine.stored(task, run);

        rosa.updateRun(task, run, "{\"environment\":\"local\"}");

        assertThat(engine.stored(task, run)).isEqualTo(before);
    }
}
