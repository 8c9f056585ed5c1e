package dev.errand.internal.rules;

import static dev.errand.run.RunSamples.CREATED;
import static dev.errand.run.RunSamples.LATER;
import static dev.errand.run.RunSamples.stored;
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
import dev.errand.run.RunTransitions;
import dev.errand.run.RunTransitions.Decision;
import dev.errand.run.StartRunRequest;
import dev.errand.run.StateKey;
import dev.errand.run.StatusPolicy;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.StoredRun;
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

        StoredRun before() {
            return stored(from, environment);
        }

        StoredRun after() {
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
                StoredRun before = cell.before();
                assertThat(
                                RunUpdateRules.updated(
                                        before,
                                        UpdateRunRequest.builder().status(cell.to()).build(),
                                        cell.policy(),
                                        LATER))
                        .isSameAs(before);
            }
            case ALLOWED -> assertThat(cell.after().run().status()).isEqualTo(cell.to());
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
        StoredRun after = cell.after();
        // The end time is not changed by a second end (docs/wire/runs.md#g4).
        Instant end = cell.from().isTerminal() ? CREATED : LATER;
        assertThat(after.run().completedAt())
                .isEqualTo(cell.to().isTerminal() ? Optional.of(end) : Optional.empty());
        assertThat(after.run().endReason().isPresent()).isEqualTo(cell.to().isTerminal());
        if (cell.to().isTerminal()) {
            assertThat(after.run().endReason())
                    .hasValue(
                            cell.to() == RunStatus.CANCELLED
                                    ? EndReason.CANCELLED
                                    : EndReason.REPORTED);
        }
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyResultIsAValidNextVersion(Cell cell) {
        StoredRun after = cell.after();
        RunChange change =
                cell.policy() == StatusPolicy.PERMISSIVE
                        ? RunChange.reopening(cell.before(), after)
                        : RunChange.of(cell.before(), after);
        assertThat(change.after().run().version()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "IN_PROGRESS, COMPLETED, ENDED",
        "IN_PROGRESS, FAILED,    ENDED",
        "IN_PROGRESS, CANCELLED, CANCELLED",
        "QUEUED,      COMPLETED, ENDED",
        "QUEUED,      CANCELLED, CANCELLED"
    })
    void theEndOfARunRequestsAStopOfItsSandbox(RunStatus from, RunStatus to, StopReason cause) {
        StoredRun after = new Cell(STRICT, from, to, CLOUD).after();
        assertThat(after.stopReason()).hasValue(cause);
        assertThat(after.entry().orElseThrow().dueAt()).isEqualTo(LATER);
        assertThat(after.run().attempt()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOT_STARTED", "COMPLETED", "FAILED", "CANCELLED"})
    void theEndOfALocalRunNeedsNoDispatcherAction(RunStatus from) {
        assertThat(new Cell(STRICT, from, RunStatus.COMPLETED, LOCAL).after().entry()).isEmpty();
    }

    @Test
    void aReportThatDoesNotEndTheRunDoesNotStopTheSandbox() {
        StoredRun before = stored(RunStatus.QUEUED, CLOUD);
        StoredRun after = new Cell(STRICT, RunStatus.QUEUED, RunStatus.IN_PROGRESS, CLOUD).after();
        assertThat(after.entry()).isEqualTo(before.entry());
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
                                                stored(RunStatus.COMPLETED, CLOUD),
                                                update,
                                                STRICT,
                                                LATER)))
                .isNotNull();
    }

    // Other members

    @ParameterizedTest
    @EnumSource
    void everyOtherMemberCanChangeInEveryStatus(RunStatus status) {
        StoredRun before = stored(status, CLOUD);
        StoredRun after =
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
        assertThat(after.run().branch()).hasValue("fix/cart");
        assertThat(after.run().stage()).hasValue("build");
        assertThat(after.run().errorMessage()).hasValue("none");
        assertThat(after.run().output()).hasValue(JsonText.of("{\"pr_url\":\"u\"}"));
        assertThat(after.run().state().text())
                .isEqualTo("{\"mode\":\"background\",\"token_usage\":{}}");
        assertThat(after.run().status()).isEqualTo(status);
        assertThat(after.run().completedAt()).isEqualTo(before.run().completedAt());
        assertThat(after.run().endReason()).isEqualTo(before.run().endReason());
        assertThat(after.entry()).isEqualTo(before.entry());
        assertThat(after.run().updatedAt()).isEqualTo(LATER);
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyUpdateChangesNothing(RunStatus status) {
        StoredRun before = stored(status, CLOUD);
        assertThat(RunUpdateRules.updated(before, NOTHING, STRICT, LATER)).isSameAs(before);
    }

    @Test
    void anUpdateToTheSameValuesChangesNothing() {
        StoredRun before = stored(RunStatus.IN_PROGRESS, CLOUD);
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
        StoredRun after =
                RunUpdateRules.updated(
                        stored(RunStatus.IN_PROGRESS, CLOUD),
                        UpdateRunRequest.builder().clearBranch().clearStage().build(),
                        STRICT,
                        LATER);
        assertThat(after.run().branch()).isEmpty();
        assertThat(after.run().stage()).isEmpty();
    }

    @Test
    void otherMembersAreKept() {
        StoredRun before = stored(RunStatus.IN_PROGRESS, CLOUD);
        StoredRun after =
                RunUpdateRules.updated(
                        before, UpdateRunRequest.builder().branch("b").build(), STRICT, LATER);
        assertThat(after.run().id()).isEqualTo(before.run().id());
        assertThat(after.run().state()).isSameAs(before.run().state());
        assertThat(after.run().createdAt()).isEqualTo(before.run().createdAt());
        assertThat(after.run().version()).isEqualTo(before.run().version() + 1);
    }

    // Time

    @ParameterizedTest
    @ValueSource(
            longs = {-3_600_000_000_000L, -1_000, -1, 0, 1, 999, 1_000, 1_001, 60_000_000_000L})
    void theUpdateTimeIncreasesEvenIfTheClockGoesBack(long nanosSinceTheLastChange) {
        StoredRun run = stored(RunStatus.QUEUED, CLOUD);
        Instant now = CREATED.plusNanos(nanosSinceTheLastChange);
        for (int i = 0; i < 5; i++) {
            StoredRun changed =
                    RunUpdateRules.updated(
                            run, UpdateRunRequest.builder().branch("b" + i).build(), STRICT, now);
            assertThat(changed.run().updatedAt()).isAfter(run.run().updatedAt());
            assertThat(changed.run().updatedAt().getNano() % 1_000).isZero();
            run = changed;
        }
        assertThat(Duration.between(CREATED, run.run().updatedAt()))
                .isLessThan(Duration.ofSeconds(61));
        StoredRun ended =
                RunUpdateRules.updated(
                        run,
                        UpdateRunRequest.builder().status(RunStatus.FAILED).build(),
                        STRICT,
                        now);
        assertThat(ended.run().completedAt()).hasValue(ended.run().updatedAt());
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
        StoredRun before = stored(status, CLOUD);
        StoredRun after = RunUpdateRules.withOutput(before, JsonText.of("{\"a\":1}"), true, LATER);
        assertThat(after.run().output()).hasValue(JsonText.of("{\"a\":1}"));
        assertThat(after.run().status())
                .isEqualTo(status.isTerminal() ? status : RunStatus.COMPLETED);
        assertThat(after.run().completedAt())
                .isEqualTo(status.isTerminal() ? before.run().completedAt() : Optional.of(LATER));
        assertThat(after.run().endReason())
                .hasValue(status.isTerminal() ? EndReason.REPORTED : EndReason.OUTPUT_ACCEPTED);
        assertThat(after.stopReason().isPresent()).isEqualTo(before.entry().isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void withoutASchemaAnOutputDoesNotChangeTheStatus(RunStatus status) {
        StoredRun before = stored(status, CLOUD);
        StoredRun after = RunUpdateRules.withOutput(before, JsonText.of("5"), false, LATER);
        assertThat(after.run().output()).hasValue(JsonText.of("5"));
        assertThat(after.run().status()).isEqualTo(status);
        assertThat(after.run().completedAt()).isEqualTo(before.run().completedAt());
        assertThat(after.entry()).isEqualTo(before.entry());
    }

    @Test
    void settingAnOutputReplacesTheStoredOne() {
        StoredRun first =
                RunUpdateRules.withOutput(
                        stored(RunStatus.QUEUED, CLOUD), JsonText.of("{\"a\":1}"), false, LATER);
        StoredRun second = RunUpdateRules.withOutput(first, JsonText.of("{\"b\":2}"), false, LATER);
        assertThat(second.run().output()).hasValue(JsonText.of("{\"b\":2}"));
        assertThat(RunUpdateRules.withOutput(second, JsonText.of("{\"b\":2}"), false, LATER))
                .isSameAs(second);
    }

    // Environment

    @ParameterizedTest
    @EnumSource
    void aHandoffStopsTheSandboxAndKeepsTheStatus(RunStatus status) {
        StoredRun before = stored(status, CLOUD);
        StoredRun after = RunUpdateRules.updated(before, toLocal().build(), STRICT, LATER);
        assertThat(after.run().environment()).isEqualTo(LOCAL);
        assertThat(after.run().status()).isEqualTo(status);
        assertThat(after.run().completedAt()).isEqualTo(before.run().completedAt());
        assertThat(after.stopReason()).isEqualTo(before.entry().map(entry -> StopReason.HANDOFF));
    }

    @ParameterizedTest
    @EnumSource
    void aHandoffOfALocalRunHasNoEffect(RunStatus status) {
        StoredRun before = stored(status, LOCAL);
        assertThat(RunUpdateRules.updated(before, toLocal().build(), STRICT, LATER))
                .isSameAs(before);
    }

    /** The reason of the end determines whether the sandbox has a grace period. */
    @ParameterizedTest
    @CsvSource({"FAILED, ENDED", "COMPLETED, ENDED", "CANCELLED, CANCELLED"})
    void anEndInTheSameUpdateTakesPrecedenceOverTheHandoff(RunStatus to, StopReason cause) {
        StoredRun after =
                RunUpdateRules.updated(
                        stored(RunStatus.IN_PROGRESS, CLOUD),
                        toLocal().status(to).build(),
                        STRICT,
                        LATER);
        assertThat(after.run().environment()).isEqualTo(LOCAL);
        assertThat(after.run().status()).isEqualTo(to);
        assertThat(after.stopReason()).hasValue(cause);
    }

    // Start

    @ParameterizedTest
    @EnumSource
    void onlyCloudRunsCanBeStarted(RunStatus status) {
        assertThat(refusalOfStart(stored(status, LOCAL)))
                .isEqualTo(
                        Violation.ofRequest(
                                ErrorCode.NOT_STARTABLE,
                                "Only cloud runs can be started via this endpoint"));
    }

    @ParameterizedTest
    @EnumSource(names = {"IN_PROGRESS", "COMPLETED", "FAILED", "CANCELLED"})
    void aRunningOrEndedRunCannotBeStarted(RunStatus status) {
        assertThat(refusalOfStart(stored(status, CLOUD)))
                .isEqualTo(
                        Violation.ofRequest(
                                ErrorCode.NOT_STARTABLE,
                                "Only queued or not_started cloud runs can be started (current status: "
                                        + status.wire()
                                        + ")"));
    }

    @Test
    void startingQueuesARecordedRun() {
        StoredRun after =
                RunUpdateRules.started(
                        stored(RunStatus.NOT_STARTED, CLOUD),
                        start(),
                        RunScheduling.DEFAULT,
                        LATER);
        assertThat(after.run().status()).isEqualTo(RunStatus.QUEUED);
        assertThat(after.entry()).hasValue(QueueEntry.queued(LATER));
        assertThat(after.run().attempt()).isEqualTo(1);
        assertThat(after.run().updatedAt()).isEqualTo(LATER);
    }

    @Test
    void startingAQueuedRunAgainDoesNotQueueItTwice() {
        StoredRun queued = stored(RunStatus.QUEUED, CLOUD);
        assertThat(RunUpdateRules.started(queued, start(), RunScheduling.DEFAULT, LATER))
                .isSameAs(queued);
        StoredRun again =
                RunUpdateRules.started(
                        queued,
                        StartRunRequest.builder()
                                .pendingUserMessage(" go ")
                                .pendingUserArtifactIds(List.of("b", "a", "b"))
                                .build(),
                        RunScheduling.DEFAULT,
                        LATER);
        assertThat(again.entry()).isEqualTo(queued.entry());
        assertThat(RunState.of(again.run()).text(StateKey.PENDING_USER_MESSAGE)).hasValue("go");
        assertThat(RunState.of(again.run()).pendingArtifactIds()).containsExactly("b", "a");
    }

    @Test
    void anEmptyMessageIsIgnored() {
        StoredRun after =
                RunUpdateRules.started(
                        stored(RunStatus.NOT_STARTED, CLOUD),
                        StartRunRequest.builder().pendingUserMessage("  ").build(),
                        RunScheduling.DEFAULT,
                        LATER);
        assertThat(after.run().state().text()).isEqualTo("{\"mode\":\"background\"}");
    }

    /**
     * With {@code initialStatus=queued}, a run has the status queued before it needs dispatcher
     * action (docs/wire/compatibility.md#k1).
     */
    @Test
    void aRunWithTheInitialStatusQueuedIsStarted() {
        StoredRun created =
                StoredRun.withoutEntry(
                        RunSamples.run(RunStatus.QUEUED, CLOUD, 0, "{\"mode\":\"background\"}"));
        StoredRun after = RunUpdateRules.started(created, start(), RunScheduling.DEFAULT, LATER);
        assertThat(after.entry()).hasValue(QueueEntry.queued(LATER));
        assertThat(after.run().attempt()).isEqualTo(1);
    }

    /**
     * A permissive host allows the status of an ended run to be reset. Its last execution is
     * complete and needs no dispatcher action.
     */
    @ParameterizedTest
    @EnumSource(names = {"NOT_STARTED", "QUEUED"})
    void aRunThatWasResetCanBeStartedAgain(RunStatus to) {
        StoredRun reset = new Cell(StatusPolicy.PERMISSIVE, RunStatus.FAILED, to, CLOUD).after();
        StoredRun after =
                RunUpdateRules.started(reset, start(), RunScheduling.DEFAULT, LATER.plusSeconds(1));
        assertThat(after.run().status()).isEqualTo(RunStatus.QUEUED);
        assertThat(after.entry().orElseThrow().phase()).isEqualTo(QueueEntry.Phase.WAITING);
        assertThat(after.run().attempt()).isEqualTo(reset.run().attempt() + 1);
    }

    @Test
    void aRunIsQueuedWithItsSchedulingAndKeepsItWhileQueued() {
        RunScheduling urgent =
                new RunScheduling(5, RunTimeouts.NONE.withInactivity(Duration.ofMinutes(5)));

        StoredRun after =
                RunUpdateRules.started(
                        stored(RunStatus.NOT_STARTED, CLOUD), start(), urgent, LATER);

        assertThat(after.entry())
                .hasValue(QueueEntry.queued(LATER, urgent.priority(), urgent.timeouts()));
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

    private static Violation refusalOfStart(StoredRun run) {
        return catchThrowableOfType(
                        InvalidRequestException.class,
                        () -> RunUpdateRules.started(run, start(), RunScheduling.DEFAULT, LATER))
                .first();
    }

    @Test
    void aSettledRunNeedsNoDispatcherAction() {
        StoredRun run = stored(RunStatus.IN_PROGRESS, CLOUD);
        UpdateRunRequest report =
                UpdateRunRequest.builder().status(RunStatus.FAILED).branch("fix").build();

        StoredRun after = RunUpdateRules.settled(run, report, STRICT, LATER);

        assertThat(after.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(after.run().branch()).hasValue("fix");
        assertThat(after.entry()).isEmpty();
    }

    @Test
    void aSettledRunKeepsItsEarlierEnd() {
        StoredRun ended = stored(RunStatus.CANCELLED, CLOUD);
        UpdateRunRequest report =
                UpdateRunRequest.builder().status(RunStatus.COMPLETED).branch("fix").build();

        StoredRun after = RunUpdateRules.settled(ended, report, STRICT, LATER);

        assertThat(after.run().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(after.run().branch()).hasValue("fix");
    }

    @Test
    void aRunStoppedBeforeExecutionIsCancelledAndNeedsNoAction() {
        StoredRun after = RunUpdateRules.stopped(stored(RunStatus.QUEUED, CLOUD), LATER);

        assertThat(after.run().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(after.run().endReason()).hasValue(EndReason.TASK_DELETED);
        assertThat(after.entry()).isEmpty();
    }

    @Test
    void anEndedOrHandedOffRunIsNotCancelled() {
        StoredRun ended = stored(RunStatus.COMPLETED, CLOUD);
        StoredRun running = stored(RunStatus.IN_PROGRESS, CLOUD);
        StoredRun elsewhere =
                running.withRun(
                        running.run(), entry -> entry.stopping(StopReason.HANDOFF, CREATED));

        assertThat(RunUpdateRules.stopped(ended, LATER).run().status())
                .isEqualTo(RunStatus.COMPLETED);
        assertThat(RunUpdateRules.stopped(elsewhere, LATER).run().status())
                .isEqualTo(RunStatus.IN_PROGRESS);
    }

    @Test
    void aStartSetsItsMessageAndItsArtifacts() {
        StoredRun queued = stored(RunStatus.QUEUED, CLOUD);
        StartRunRequest message = StartRunRequest.builder().pendingUserMessage("Go on").build();
        StartRunRequest files =
                StartRunRequest.builder().pendingUserArtifactIds(List.of("a")).build();

        assertThat(
                        RunUpdateRules.started(queued, message, RunScheduling.DEFAULT, LATER)
                                .run()
                                .state()
                                .text())
                .contains("Go on");
        assertThat(
                        RunUpdateRules.started(queued, files, RunScheduling.DEFAULT, LATER)
                                .run()
                                .state()
                                .text())
                .contains("[\"a\"]");
    }

    // Cancellation

    @Test
    void aRunWithoutASandboxIsCancelledAtOnce() {
        for (RunStatus status : List.of(RunStatus.NOT_STARTED, RunStatus.QUEUED)) {
            StoredRun after =
                    RunUpdateRules.cancelRequested(
                            stored(status, CLOUD),
                            RunUpdateRules.CancelSource.API,
                            Optional.of(""),
                            Optional.empty(),
                            LATER);

            assertThat(after.run().status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(after.run().errorMessage()).hasValue("Stopped by user");
        }
    }

    /** An agent that reported before its launch was recorded may be in a sandbox. */
    @Test
    void aRunThatMayHaveASandboxKeepsItsStatusUntilItHasStopped() {
        StoredRun launched = stored(RunStatus.IN_PROGRESS, CLOUD);
        StoredRun reportedEarly =
                new StoredRun(launched.run(), Optional.of(QueueEntry.queued(CREATED)));
        for (StoredRun before : List.of(launched, reportedEarly)) {
            StoredRun after =
                    RunUpdateRules.cancelRequested(
                            before,
                            RunUpdateRules.CancelSource.API,
                            Optional.of("why"),
                            Optional.empty(),
                            LATER);

            assertThat(after.run().status()).isEqualTo(RunStatus.IN_PROGRESS);
            assertThat(after.run().errorMessage()).isEmpty();
            assertThat(after.stopReason()).hasValue(StopReason.CANCELLED);
            assertThat(RunUpdateRules.stopped(after, LATER).run().errorMessage()).hasValue("why");
        }
    }

    @Test
    void aRunThatIsStoppingAlreadyDoesNotChange() {
        StoredRun running = stored(RunStatus.IN_PROGRESS, CLOUD);
        StoredRun stopping =
                running.withRun(
                        running.run(), entry -> entry.stopping(StopReason.TIME_LIMIT, CREATED));

        assertThat(
                        RunUpdateRules.cancelRequested(
                                stopping,
                                RunUpdateRules.CancelSource.API,
                                Optional.of("why"),
                                Optional.empty(),
                                LATER))
                .isSameAs(stopping);
    }

    // Restart

    private static StoredRun restarted(StoredRun before) {
        return RunUpdateRules.restarted(
                before, Optional.empty(), Optional.empty(), RunScheduling.DEFAULT, LATER);
    }

    @ParameterizedTest
    @EnumSource
    void everyRunThatIsNotActiveInTheCloudIsRestarted(RunStatus status) {
        for (RunEnvironment environment : RunEnvironment.values()) {
            StoredRun before = stored(status, environment);
            boolean isActive = status == RunStatus.QUEUED || status == RunStatus.IN_PROGRESS;
            if (environment == CLOUD && isActive) {
                InvalidRequestException refused =
                        catchThrowableOfType(
                                InvalidRequestException.class, () -> restarted(before));
                assertThat(refused.first().code()).isEqualTo(ErrorCode.ALREADY_ACTIVE);
                continue;
            }
            StoredRun after = restarted(before);
            assertThat(after.run().status()).isEqualTo(RunStatus.QUEUED);
            assertThat(after.run().environment()).isEqualTo(CLOUD);
            assertThat(after.run().attempt()).isEqualTo(before.run().attempt() + 1);
            assertThat(after.entry()).hasValue(QueueEntry.queued(LATER));
            assertThat(
                            status == RunStatus.QUEUED
                                    || RunTransitions.isEngineMove(status, after.run().status()))
                    .isTrue();
            RunChange.reopening(before, after); // Is a valid next version.
        }
    }

    /** Whatever a handler or a sandbox of the earlier attempt reports, it does not end the run. */
    @Test
    void theEndOfTheEarlierAttemptQueuesTheNextOne() {
        StoredRun running = stored(RunStatus.IN_PROGRESS, CLOUD);
        StoredRun ended =
                running.withRun(
                        running.run()
                                .change(LATER)
                                .endedWith(RunStatus.COMPLETED, EndReason.REPORTED)
                                .build(),
                        entry -> entry.stopping(StopReason.ENDED, LATER));
        StoredRun restarting = restarted(ended);
        assertThat(restarting.isRestarting()).isTrue();
        assertThat(restarting.run().attempt()).isEqualTo(1);
        UpdateRunRequest failed = UpdateRunRequest.builder().status(RunStatus.FAILED).build();

        for (StoredRun after :
                List.of(
                        RunUpdateRules.settled(restarting, failed, STRICT, LATER),
                        RunUpdateRules.failed(restarting, EndReason.TIME_LIMIT, "late", LATER),
                        RunUpdateRules.stopped(restarting, LATER))) {
            assertThat(after.run().status()).isEqualTo(RunStatus.QUEUED);
            assertThat(after.run().errorMessage()).isEmpty();
            assertThat(after.run().attempt()).isEqualTo(2);
            assertThat(after.entry().orElseThrow().phase()).isEqualTo(QueueEntry.Phase.WAITING);
            assertThat(after.stopReason()).isEmpty();
        }
    }
}
