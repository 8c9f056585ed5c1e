package dev.errand.internal.rules;

import static dev.errand.run.RunSamples.CREATED;
import static dev.errand.run.RunSamples.LATER;
import static dev.errand.run.RunSamples.run;
import static dev.errand.spi.run.RunEnvironment.CLOUD;
import static dev.errand.spi.run.RunEnvironment.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.request.Patch;
import dev.errand.run.RunSamples;
import dev.errand.run.RunScheduling;
import dev.errand.run.RunTransitions.Decision;
import dev.errand.run.StartRunRequest;
import dev.errand.run.StateKey;
import dev.errand.run.StatusPolicy;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.RunChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules for changes of a run (docs/wire/runs.md#g3 to #g5, #i2, #i4,
 * docs/wire/starting-runs.md#i3).
 */
class RunUpdateRulesTest {

    private static final StatusPolicy STRICT = StatusPolicy.STRICT;
    private static final UpdateRunRequest NOTHING = UpdateRunRequest.builder().build();

    record Cell(StatusPolicy policy, RunStatus from, RunStatus to, RunEnvironment environment) {

        Run before() {
            return run(from, environment);
        }

        Run after() {
            return RunUpdateRules.updated(
                    before(), UpdateRunRequest.builder().status(to).build(), policy, LATER);
        }
    }

    static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (StatusPolicy policy : StatusPolicy.values()) {
            for (RunStatus from : RunStatus.values()) {
                for (RunStatus to : RunStatus.values()) {
                    cells.add(new Cell(policy, from, to, LOCAL));
                    cells.add(new Cell(policy, from, to, CLOUD));
                }
            }
        }
        return cells;
    }

    static Stream<Cell> changes() {
        return cells().stream()
                .filter(cell -> cell.policy().decide(cell.from(), cell.to()) == Decision.ALLOWED);
    }

    // Status

    @ParameterizedTest
    @MethodSource("cells")
    void aStatusFollowsThePolicyInBothEnvironments(Cell cell) {
        switch (cell.policy().decide(cell.from(), cell.to())) {
            case SAME -> {
                Run before = cell.before();
                assertThat(
                                RunUpdateRules.updated(
                                        before,
                                        UpdateRunRequest.builder().status(cell.to()).build(),
                                        cell.policy(),
                                        LATER))
                        .isSameAs(before);
            }
            case ALLOWED -> assertThat(cell.after().status()).isEqualTo(cell.to());
            case REJECTED -> {
                InvalidRequestException refused =
                        catchThrowableOfType(InvalidRequestException.class, cell::after);
                assertThat(refused.violations())
                        .containsExactly(
                                Violation.of(
                                        ErrorCode.INVALID_STATUS_TRANSITION,
                                        "status",
                                        "Cannot change status from "
                                                + cell.from().wire()
                                                + " to "
                                                + cell.to().wire()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aRunHasAnEndTimeExactlyWhenItHasEnded(Cell cell) {
        Run after = cell.after();
        // The end time is not changed by a second end (docs/wire/runs.md#g4).
        Instant end = cell.from().isTerminal() ? CREATED : LATER;
        assertThat(after.completedAt())
                .isEqualTo(cell.to().isTerminal() ? Optional.of(end) : Optional.empty());
        assertThat(after.endReason().isPresent()).isEqualTo(cell.to().isTerminal());
        if (cell.to().isTerminal()) {
            assertThat(after.endReason())
                    .hasValue(
                            cell.to() == RunStatus.CANCELLED
                                    ? EndReason.CANCELLED
                                    : EndReason.REPORTED);
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyResultIsAValidNextVersion(Cell cell) {
        Run after = cell.after();
        RunChange change =
                cell.policy() == StatusPolicy.PERMISSIVE
                        ? RunChange.reopening(cell.before(), after)
                        : RunChange.of(cell.before(), after);
        assertThat(change.after().version()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "IN_PROGRESS, COMPLETED, ENDED",
        "IN_PROGRESS, FAILED,    ENDED",
        "IN_PROGRESS, CANCELLED, CANCELLED",
        "QUEUED,      COMPLETED, ENDED",
        "QUEUED,      CANCELLED, CANCELLED"
    })
    void theEndOfARunRequestsAStopOfItsSandbox(
            RunStatus from, RunStatus to, DispatchState.StopReason cause) {
        Run after = new Cell(STRICT, from, to, CLOUD).after();
        assertThat(after.dispatch().stop()).hasValue(cause);
        assertThat(after.dispatch().dueAt()).hasValue(LATER);
        assertThat(after.dispatch().attempt()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOT_STARTED", "COMPLETED", "FAILED", "CANCELLED"})
    void theEndOfALocalRunNeedsNoDispatcherAction(RunStatus from) {
        assertThat(new Cell(STRICT, from, RunStatus.COMPLETED, LOCAL).after().dispatch())
                .isEqualTo(DispatchState.NOT_REQUESTED);
    }

    @Test
    void aReportThatDoesNotEndTheRunDoesNotStopTheSandbox() {
        Run before = run(RunStatus.QUEUED, CLOUD);
        Run after = new Cell(STRICT, RunStatus.QUEUED, RunStatus.IN_PROGRESS, CLOUD).after();
        assertThat(after.dispatch()).isEqualTo(before.dispatch());
    }

    @Test
    void aRejectedStatusRejectsTheWholeUpdate() {
        UpdateRunRequest update =
                UpdateRunRequest.builder().branch("other").status(RunStatus.IN_PROGRESS).build();
        assertThat(
                        catchThrowableOfType(
                                InvalidRequestException.class,
                                () ->
                                        RunUpdateRules.updated(
                                                run(RunStatus.COMPLETED, CLOUD),
                                                update,
                                                STRICT,
                                                LATER)))
                .isNotNull();
    }

    // Other members

    @ParameterizedTest
    @EnumSource
    void everyOtherMemberCanChangeInEveryStatus(RunStatus status) {
        Run before = run(status, CLOUD);
        Run after =
                RunUpdateRules.updated(
                        before,
                        UpdateRunRequest.builder()
                                .branch("fix/cart")
                                .stage("build")
                                .errorMessage("none")
                                .output(JsonText.of("{\"pr_url\":\"u\"}"))
                                .state(JsonText.of("{\"token_usage\":{}}"))
                                .build(),
                        STRICT,
                        LATER);
        assertThat(after.branch()).hasValue("fix/cart");
        assertThat(after.stage()).hasValue("build");
        assertThat(after.errorMessage()).hasValue("none");
        assertThat(after.output()).hasValue(JsonText.of("{\"pr_url\":\"u\"}"));
        assertThat(after.state().text()).isEqualTo("{\"mode\":\"background\",\"token_usage\":{}}");
        assertThat(after.status()).isEqualTo(status);
        assertThat(after.completedAt()).isEqualTo(before.completedAt());
        assertThat(after.endReason()).isEqualTo(before.endReason());
        assertThat(after.dispatch()).isEqualTo(before.dispatch());
        assertThat(after.updatedAt()).isEqualTo(LATER);
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyUpdateChangesNothing(RunStatus status) {
        Run before = run(status, CLOUD);
        assertThat(RunUpdateRules.updated(before, NOTHING, STRICT, LATER)).isSameAs(before);
    }

    @Test
    void anUpdateToTheSameValuesChangesNothing() {
        Run before = run(RunStatus.IN_PROGRESS, CLOUD);
        UpdateRunRequest same =
                UpdateRunRequest.builder()
                        .status(RunStatus.IN_PROGRESS)
                        .branch("main")
                        .stage("plan")
                        .clearErrorMessage()
                        .clearOutput()
                        .state(JsonText.of("{\"mode\":\"interactive\"}"))
                        .stateRemoveKeys(List.of("sandbox_id"))
                        .build();
        assertThat(RunUpdateRules.updated(before, same, STRICT, LATER)).isSameAs(before);
    }

    @Test
    void nullClearsAMember() {
        Run after =
                RunUpdateRules.updated(
                        run(RunStatus.IN_PROGRESS, CLOUD),
                        UpdateRunRequest.builder().clearBranch().clearStage().build(),
                        STRICT,
                        LATER);
        assertThat(after.branch()).isEmpty();
        assertThat(after.stage()).isEmpty();
    }

    @Test
    void otherMembersAreKept() {
        Run before = run(RunStatus.IN_PROGRESS, CLOUD);
        Run after =
                RunUpdateRules.updated(
                        before, UpdateRunRequest.builder().branch("b").build(), STRICT, LATER);
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.state()).isSameAs(before.state());
        assertThat(after.createdAt()).isEqualTo(before.createdAt());
        assertThat(after.version()).isEqualTo(before.version() + 1);
    }

    // Time

    @ParameterizedTest
    @ValueSource(
            longs = {-3_600_000_000_000L, -1_000, -1, 0, 1, 999, 1_000, 1_001, 60_000_000_000L})
    void theUpdateTimeIncreasesEvenIfTheClockGoesBack(long nanosSinceTheLastChange) {
        Run run = run(RunStatus.QUEUED, CLOUD);
        Instant now = CREATED.plusNanos(nanosSinceTheLastChange);
        for (int i = 0; i < 5; i++) {
            Run changed =
                    RunUpdateRules.updated(
                            run, UpdateRunRequest.builder().branch("b" + i).build(), STRICT, now);
            assertThat(changed.updatedAt()).isAfter(run.updatedAt());
            assertThat(changed.updatedAt().getNano() % 1_000).isZero();
            run = changed;
        }
        assertThat(Duration.between(CREATED, run.updatedAt())).isLessThan(Duration.ofSeconds(61));
        Run ended =
                RunUpdateRules.updated(
                        run,
                        UpdateRunRequest.builder().status(RunStatus.FAILED).build(),
                        STRICT,
                        now);
        assertThat(ended.completedAt()).hasValue(ended.updatedAt());
    }

    // Output

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                // stored                reported          result
                "-                     ; {\"a\":1}       ; {\"a\":1}",
                "-                     ; [1]             ; [1]",
                "-                     ; 5               ; 5",
                "-                     ; null            ; -",
                "{\"a\":1,\"b\":{\"x\":1}} ; {\"b\":{\"y\":2},\"c\":3} ; {\"a\":1,\"b\":{\"y\":2},\"c\":3}",
                "{\"a\":1}             ; {\"a\":null}    ; {\"a\":null}",
                "{\"a\":1}             ; {}              ; {\"a\":1}",
                "{\"a\":1}             ; [1]             ; [1]",
                "{\"a\":1}             ; \"text\"        ; \"text\"",
                "{\"a\":1}             ; null            ; -",
                "[1]                   ; {\"a\":1}       ; {\"a\":1}",
                "[1]                   ; [2]             ; [2]",
                "[1]                   ; 5               ; 5",
                "[1]                   ; null            ; -",
                "5                     ; {\"a\":1}       ; {\"a\":1}",
                "5                     ; [1]             ; [1]",
                "5                     ; true            ; true",
                "5                     ; null            ; -",
                "null                  ; {\"a\":1}       ; {\"a\":1}",
                "{\"a\":1.10}          ; {\"b\":1e400}   ; {\"a\":1.10,\"b\":1e400}",
                "{unreadable           ; {\"a\":1}       ; {\"a\":1}"
            })
    void anObjectIsMergedIntoAnObjectAndOtherValuesReplaceTheOutput(
            String stored, String reported, String then) {
        UpdateRunRequest update = UpdateRunRequest.builder().output(JsonText.of(reported)).build();
        assertThat(
                        RunUpdateRules.merged(
                                Optional.ofNullable(stored).map(JsonText::of), update.output()))
                .isEqualTo(Optional.ofNullable(then).map(JsonText::of));
    }

    @Test
    void anAbsentOutputKeepsTheStoredOne() {
        Optional<JsonText> stored = Optional.of(JsonText.of("[1]"));
        assertThat(RunUpdateRules.merged(stored, Patch.absent())).isEqualTo(stored);
        assertThat(RunUpdateRules.merged(Optional.empty(), Patch.absent())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anAcceptedOutputCompletesARunThatHasNotEnded(RunStatus status) {
        Run before = run(status, CLOUD);
        Run after = RunUpdateRules.withOutput(before, JsonText.of("{\"a\":1}"), true, LATER);
        assertThat(after.output()).hasValue(JsonText.of("{\"a\":1}"));
        assertThat(after.status()).isEqualTo(status.isTerminal() ? status : RunStatus.COMPLETED);
        assertThat(after.completedAt())
                .isEqualTo(status.isTerminal() ? before.completedAt() : Optional.of(LATER));
        assertThat(after.endReason())
                .hasValue(status.isTerminal() ? EndReason.REPORTED : EndReason.OUTPUT_ACCEPTED);
        assertThat(after.dispatch().stop().isPresent())
                .isEqualTo(before.dispatch().phase().isActive());
    }

    @ParameterizedTest
    @EnumSource
    void withoutASchemaAnOutputDoesNotChangeTheStatus(RunStatus status) {
        Run before = run(status, CLOUD);
        Run after = RunUpdateRules.withOutput(before, JsonText.of("5"), false, LATER);
        assertThat(after.output()).hasValue(JsonText.of("5"));
        assertThat(after.status()).isEqualTo(status);
        assertThat(after.completedAt()).isEqualTo(before.completedAt());
        assertThat(after.dispatch()).isEqualTo(before.dispatch());
    }

    @Test
    void settingAnOutputReplacesTheStoredOne() {
        Run first =
                RunUpdateRules.withOutput(
                        run(RunStatus.QUEUED, CLOUD), JsonText.of("{\"a\":1}"), false, LATER);
        Run second = RunUpdateRules.withOutput(first, JsonText.of("{\"b\":2}"), false, LATER);
        assertThat(second.output()).hasValue(JsonText.of("{\"b\":2}"));
        assertThat(RunUpdateRules.withOutput(second, JsonText.of("{\"b\":2}"), false, LATER))
                .isSameAs(second);
    }

    // Environment

    @ParameterizedTest
    @EnumSource
    void aHandoffStopsTheSandboxAndKeepsTheStatus(RunStatus status) {
        Run before = run(status, CLOUD);
        Run after = RunUpdateRules.updated(before, toLocal().build(), STRICT, LATER);
        assertThat(after.environment()).isEqualTo(LOCAL);
        assertThat(after.status()).isEqualTo(status);
        assertThat(after.completedAt()).isEqualTo(before.completedAt());
        assertThat(after.dispatch().stop())
                .isEqualTo(
                        before.dispatch().phase().isActive()
                                ? Optional.of(DispatchState.StopReason.HANDOFF)
                                : Optional.empty());
    }

    @ParameterizedTest
    @EnumSource
    void aHandoffOfALocalRunHasNoEffect(RunStatus status) {
        Run before = run(status, LOCAL);
        assertThat(RunUpdateRules.updated(before, toLocal().build(), STRICT, LATER))
                .isSameAs(before);
    }

    /** The reason of the end determines whether the sandbox has a grace period. */
    @ParameterizedTest
    @CsvSource({"FAILED, ENDED", "COMPLETED, ENDED", "CANCELLED, CANCELLED"})
    void anEndInTheSameUpdateTakesPrecedenceOverTheHandoff(
            RunStatus to, DispatchState.StopReason cause) {
        Run after =
                RunUpdateRules.updated(
                        run(RunStatus.IN_PROGRESS, CLOUD),
                        toLocal().status(to).build(),
                        STRICT,
                        LATER);
        assertThat(after.environment()).isEqualTo(LOCAL);
        assertThat(after.status()).isEqualTo(to);
        assertThat(after.dispatch().stop()).hasValue(cause);
    }

    // Start

    @ParameterizedTest
    @EnumSource
    void onlyCloudRunsCanBeStarted(RunStatus status) {
        assertThat(refusalOfStart(run(status, LOCAL)))
                .isEqualTo(
                        Violation.ofRequest(
                                ErrorCode.NOT_STARTABLE,
                                "Only cloud runs can be started via this endpoint"));
    }

    @ParameterizedTest
    @EnumSource(names = {"IN_PROGRESS", "COMPLETED", "FAILED", "CANCELLED"})
    void aRunningOrEndedRunCannotBeStarted(RunStatus status) {
        assertThat(refusalOfStart(run(status, CLOUD)))
                .isEqualTo(
                        Violation.ofRequest(
                                ErrorCode.NOT_STARTABLE,
                                "Only queued or not_started cloud runs can be started (current status: "
                                        + status.wire()
                                        + ")"));
    }

    @Test
    void startingQueuesARecordedRun() {
        Run after =
                RunUpdateRules.started(
                        run(RunStatus.NOT_STARTED, CLOUD), start(), RunScheduling.DEFAULT, LATER);
        assertThat(after.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(after.dispatch()).isEqualTo(DispatchState.NOT_REQUESTED.queued(LATER));
        assertThat(after.updatedAt()).isEqualTo(LATER);
    }

    @Test
    void startingAQueuedRunAgainDoesNotQueueItTwice() {
        Run queued = run(RunStatus.QUEUED, CLOUD);
        assertThat(RunUpdateRules.started(queued, start(), RunScheduling.DEFAULT, LATER))
                .isSameAs(queued);
        Run again =
                RunUpdateRules.started(
                        queued,
                        StartRunRequest.builder()
                                .pendingUserMessage(" go ")
                                .pendingUserArtifactIds(List.of("b", "a", "b"))
                                .build(),
                        RunScheduling.DEFAULT,
                        LATER);
        assertThat(again.dispatch()).isEqualTo(queued.dispatch());
        assertThat(RunState.of(again).text(StateKey.PENDING_USER_MESSAGE)).hasValue("go");
        assertThat(RunState.of(again).pendingArtifactIds()).containsExactly("b", "a");
    }

    @Test
    void anEmptyMessageIsIgnored() {
        Run after =
                RunUpdateRules.started(
                        run(RunStatus.NOT_STARTED, CLOUD),
                        StartRunRequest.builder().pendingUserMessage("  ").build(),
                        RunScheduling.DEFAULT,
                        LATER);
        assertThat(after.state().text()).isEqualTo("{\"mode\":\"background\"}");
    }

    /**
     * With {@code initialStatus=queued}, a run has the status queued before it needs dispatcher
     * action (docs/wire/compatibility.md#k1).
     */
    @Test
    void aRunWithTheInitialStatusQueuedIsStarted() {
        Run created =
                run(
                        RunStatus.QUEUED,
                        CLOUD,
                        DispatchState.NOT_REQUESTED,
                        "{\"mode\":\"background\"}");
        Run after = RunUpdateRules.started(created, start(), RunScheduling.DEFAULT, LATER);
        assertThat(after.dispatch()).isEqualTo(DispatchState.NOT_REQUESTED.queued(LATER));
    }

    /**
     * A permissive host allows the status of an ended run to be reset. Its last execution is
     * complete and needs no dispatcher action.
     */
    @ParameterizedTest
    @EnumSource(names = {"NOT_STARTED", "QUEUED"})
    void aRunThatWasResetCanBeStartedAgain(RunStatus to) {
        Run reset = new Cell(StatusPolicy.PERMISSIVE, RunStatus.FAILED, to, CLOUD).after();
        Run after =
                RunUpdateRules.started(reset, start(), RunScheduling.DEFAULT, LATER.plusSeconds(1));
        assertThat(after.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(after.dispatch().phase()).isEqualTo(DispatchState.Phase.WAITING);
        assertThat(after.dispatch().attempt()).isEqualTo(reset.dispatch().attempt() + 1);
    }

    @Test
    void aRunIsQueuedWithItsSchedulingAndKeepsItWhileQueued() {
        RunScheduling urgent =
                new RunScheduling(5, RunTimeouts.DEFAULTS.withInactivity(Duration.ofMinutes(5)));

        Run after =
                RunUpdateRules.started(run(RunStatus.NOT_STARTED, CLOUD), start(), urgent, LATER);

        assertThat(after.dispatch())
                .isEqualTo(
                        DispatchState.NOT_REQUESTED
                                .queued(LATER)
                                .withScheduling(urgent.priority(), urgent.timeouts()));
        assertThat(
                        RunUpdateRules.started(
                                after, start(), RunScheduling.DEFAULT, LATER.plusSeconds(1)))
                .isSameAs(after);
    }

    @ParameterizedTest
    @ValueSource(ints = {-101, 101})
    void aPriorityOutsideTheRangeIsRejected(int priority) {
        assertThatThrownBy(() -> RunScheduling.DEFAULT.withPriority(priority))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("priority must be -100 to 100, not " + priority);
    }

    private static StartRunRequest start() {
        return StartRunRequest.builder().build();
    }

    private static UpdateRunRequest.Builder toLocal() {
        return UpdateRunRequest.builder().handOff();
    }

    private static Violation refusalOfStart(Run run) {
        return catchThrowableOfType(
                        InvalidRequestException.class,
                        () -> RunUpdateRules.started(run, start(), RunScheduling.DEFAULT, LATER))
                .first();
    }

    @Test
    void aSettledRunNeedsNoDispatcherAction() {
        Run run = run(RunStatus.IN_PROGRESS, CLOUD);
        UpdateRunRequest report =
                UpdateRunRequest.builder().status(RunStatus.FAILED).branch("fix").build();

        Run after = RunUpdateRules.settled(run, report, STRICT, LATER);

        assertThat(after.status()).isEqualTo(RunStatus.FAILED);
        assertThat(after.branch()).hasValue("fix");
        assertThat(after.dispatch().phase()).isEqualTo(DispatchState.Phase.DONE);
    }

    @Test
    void aSettledRunKeepsItsEarlierEnd() {
        Run ended = run(RunStatus.CANCELLED, CLOUD);
        UpdateRunRequest report =
                UpdateRunRequest.builder().status(RunStatus.COMPLETED).branch("fix").build();

        Run after = RunUpdateRules.settled(ended, report, STRICT, LATER);

        assertThat(after.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(after.branch()).hasValue("fix");
    }

    @Test
    void aRunStoppedBeforeExecutionIsCancelledAndNeedsNoAction() {
        Run after = RunUpdateRules.stopped(run(RunStatus.QUEUED, CLOUD), LATER);

        assertThat(after.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(after.endReason()).hasValue(EndReason.TASK_DELETED);
        assertThat(after.dispatch().phase()).isEqualTo(DispatchState.Phase.DONE);
    }

    @Test
    void anEndedOrHandedOffRunIsNotCancelled() {
        Run ended = run(RunStatus.COMPLETED, CLOUD);
        DispatchState handedOff =
                RunSamples.dispatch(RunStatus.IN_PROGRESS, CLOUD)
                        .stopping(DispatchState.StopReason.HANDOFF, CREATED);
        Run elsewhere = run(RunStatus.IN_PROGRESS, CLOUD, handedOff, "{}");

        assertThat(RunUpdateRules.stopped(ended, LATER).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(RunUpdateRules.stopped(elsewhere, LATER).status())
                .isEqualTo(RunStatus.IN_PROGRESS);
    }

    @Test
    void aStartSetsItsMessageAndItsArtifacts() {
        Run queued = run(RunStatus.QUEUED, CLOUD);
        StartRunRequest message = StartRunRequest.builder().pendingUserMessage("Go on").build();
        StartRunRequest files =
                StartRunRequest.builder().pendingUserArtifactIds(List.of("a")).build();

        assertThat(
                        RunUpdateRules.started(queued, message, RunScheduling.DEFAULT, LATER)
                                .state()
                                .text())
                .contains("Go on");
        assertThat(
                        RunUpdateRules.started(queued, files, RunScheduling.DEFAULT, LATER)
                                .state()
                                .text())
                .contains("[\"a\"]");
    }
}
