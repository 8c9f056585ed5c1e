package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.errand.internal.dispatch.DispatchFacts.Sandbox;
import dev.errand.internal.dispatch.DispatchFacts.StatusGroup;
import dev.errand.internal.dispatch.DispatchFacts.Stop;
import dev.errand.internal.dispatch.DispatchFacts.UnrecordedLaunch;
import dev.errand.spi.run.QueueEntry.Phase;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Compares every cell of the dispatch table with the protocol written as code. */
class DispatchRulesTest {

    private static final Set<DispatchStep> STOPS =
            EnumSet.of(
                    DispatchStep.STOP,
                    DispatchStep.STOP_INACTIVE,
                    DispatchStep.STOP_TIMED_OUT,
                    DispatchStep.END_UNCONFIRMED);

    @Test
    void everyCellMatchesTheProtocolAndEveryRowIsUsed() {
        Set<DispatchRules.Row> used = new HashSet<>();
        Set<DispatchStep> taken = EnumSet.noneOf(DispatchStep.class);

        for (DispatchFacts facts : DispatchRules.possibleFacts()) {
            DispatchStep step = DispatchRules.stepFor(facts);
            assertThat(step).as(facts.toString()).isEqualTo(expectedStep(facts));
            used.add(DispatchRules.rowsByFacts().get(facts));
            taken.add(step);
        }

        assertThat(used).containsExactlyInAnyOrderElementsOf(rows());
        assertThat(taken).containsExactlyInAnyOrder(DispatchStep.values());
    }

    /** The protocol as nested conditions. */
    private static DispatchStep expectedStep(DispatchFacts facts) {
        boolean mayLaunch =
                facts.phase() == Phase.WAITING
                        && facts.status() == StatusGroup.QUEUED
                        && facts.stop() == Stop.NO;
        if (mayLaunch) {
            return facts.launch() == UnrecordedLaunch.IMPOSSIBLE
                    ? stepWithoutSandbox(facts, DispatchStep.LAUNCH)
                    : switch (facts.sandbox()) {
                        case NOT_INSPECTED -> DispatchStep.INSPECT;
                        case RUNNING, EXITED, LIMITED -> DispatchStep.RECORD_MISSED_LAUNCH;
                        case GONE -> stepWithoutSandbox(facts, DispatchStep.SUPERSEDE);
                        case UNKNOWN -> stepWithoutSandbox(facts, DispatchStep.RETRY_LATER);
                    };
        }
        return switch (facts.sandbox()) {
            case NOT_INSPECTED -> DispatchStep.INSPECT;
            case RUNNING, UNKNOWN -> stepForLivingSandbox(facts);
            case EXITED ->
                    isUnrecorded(facts)
                            ? DispatchStep.RECORD_MISSED_LAUNCH
                            : DispatchStep.RECORD_EXIT;
            case LIMITED -> {
                if (isUnrecorded(facts)) {
                    yield DispatchStep.RECORD_MISSED_LAUNCH;
                }
                yield facts.stop() == Stop.NO
                        ? DispatchStep.WAIT_FOR_PROVIDER
                        : DispatchStep.RECORD_EXIT;
            }
            case GONE ->
                    isUnrecorded(facts)
                            ? DispatchStep.LEAVE_TO_EXTERNAL_AGENT
                            : DispatchStep.RECORD_GONE;
        };
    }

    private static DispatchStep stepWithoutSandbox(DispatchFacts facts, DispatchStep inTime) {
        return switch (facts.exceeded()) {
            case QUEUE_TIME -> DispatchStep.FAIL_EXPIRED;
            case LAUNCH_RETRIES -> DispatchStep.FAIL_LAUNCH;
            default -> inTime;
        };
    }

    private static boolean isUnrecorded(DispatchFacts facts) {
        return facts.phase() == Phase.WAITING && facts.stop() == Stop.NO;
    }

    private static DispatchStep stepForLivingSandbox(DispatchFacts facts) {
        boolean isRunning = facts.sandbox() == Sandbox.RUNNING;
        return switch (facts.stop()) {
            case SOON -> isRunning ? DispatchStep.ALLOW_FINISH : DispatchStep.RETRY_LATER;
            case NOW ->
                    facts.exceeded() == ExceededLimit.STOP_CONFIRMATION
                                    && facts.status() != StatusGroup.ENDED
                            ? DispatchStep.END_UNCONFIRMED
                            : DispatchStep.STOP;
            case NO -> {
                if (facts.exceeded() == ExceededLimit.TOTAL_TIME) {
                    yield DispatchStep.STOP_TIMED_OUT;
                }
                if (!isRunning) {
                    yield DispatchStep.RETRY_LATER;
                }
                if (isUnrecorded(facts)) {
                    yield DispatchStep.RECORD_MISSED_LAUNCH;
                }
                yield switch (facts.exceeded()) {
                    case INACTIVITY -> DispatchStep.STOP_INACTIVE;
                    case UNANSWERED_PERMISSION -> DispatchStep.APPLY_PERMISSION_POLICY;
                    default -> DispatchStep.KEEP_RUNNING;
                };
            }
        };
    }

    /** A sandbox that cannot be inspected is neither stopped nor inactive. */
    @Test
    void sandboxesAreStoppedOnlyAfterInspectionAndForInactivityOnlyWhileRunning() {
        for (DispatchFacts facts : DispatchRules.possibleFacts()) {
            DispatchStep step = DispatchRules.stepFor(facts);
            if (STOPS.contains(step)) {
                assertThat(facts.sandbox()).isNotEqualTo(Sandbox.NOT_INSPECTED);
            }
            if (step == DispatchStep.STOP_INACTIVE) {
                assertThat(facts.sandbox()).isEqualTo(Sandbox.RUNNING);
                assertThat(facts.exceeded()).isEqualTo(ExceededLimit.INACTIVITY);
            }
        }
    }

    /** A terminal status is final. */
    @Test
    void endedOrStoppingRunsAreNeverLaunchedOrEndedAgain() {
        for (DispatchFacts facts : DispatchRules.possibleFacts()) {
            DispatchStep step = DispatchRules.stepFor(facts);
            if (facts.status() == StatusGroup.ENDED || facts.stop() != Stop.NO) {
                assertThat(step)
                        .isNotIn(
                                DispatchStep.LAUNCH,
                                DispatchStep.FAIL_EXPIRED,
                                DispatchStep.FAIL_LAUNCH,
                                DispatchStep.RECORD_MISSED_LAUNCH,
                                DispatchStep.KEEP_RUNNING);
            }
            if (facts.status() == StatusGroup.ENDED) {
                assertThat(step).isNotEqualTo(DispatchStep.END_UNCONFIRMED);
            }
        }
    }

    /** No run waits forever. */
    @Test
    void expiredLimitsAlwaysHaveAConsequence() {
        for (DispatchFacts facts : DispatchRules.possibleFacts()) {
            boolean isExpired =
                    facts.exceeded() != ExceededLimit.NO_LIMIT
                            && facts.sandbox() != Sandbox.NOT_INSPECTED
                            && facts.sandbox() != Sandbox.UNKNOWN
                            && facts.stop() != Stop.SOON;
            if (isExpired) {
                assertThat(DispatchRules.stepFor(facts))
                        .isNotIn(
                                DispatchStep.KEEP_RUNNING,
                                DispatchStep.RETRY_LATER,
                                DispatchStep.LAUNCH);
            }
        }
    }

    @Test
    void impossibleFactsAreRejected() {
        DispatchFacts endedButNotToStop =
                new DispatchFacts(
                        Phase.LAUNCHED,
                        StatusGroup.ENDED,
                        Stop.NO,
                        Sandbox.RUNNING,
                        ExceededLimit.NO_LIMIT,
                        UnrecordedLaunch.IMPOSSIBLE);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DispatchRules.stepFor(endedButNotToStop))
                .withMessageContaining("impossible combination");
    }

    @Test
    void tablesWithGapsOverlapsOrUnusedRowsAreRejected() {
        DispatchRules.Row everything =
                new DispatchRules.Row(
                        EnumSet.allOf(Phase.class),
                        EnumSet.allOf(StatusGroup.class),
                        EnumSet.allOf(Stop.class),
                        EnumSet.allOf(Sandbox.class),
                        EnumSet.allOf(ExceededLimit.class),
                        EnumSet.allOf(UnrecordedLaunch.class),
                        DispatchStep.KEEP_RUNNING);
        DispatchRules.Row impossible =
                new DispatchRules.Row(
                        EnumSet.of(Phase.WAITING),
                        EnumSet.of(StatusGroup.ENDED),
                        EnumSet.of(Stop.NO),
                        EnumSet.allOf(Sandbox.class),
                        EnumSet.allOf(ExceededLimit.class),
                        EnumSet.allOf(UnrecordedLaunch.class),
                        DispatchStep.STOP);

        assertThatIllegalStateException()
                .isThrownBy(new DispatchRules.Builder()::build)
                .withMessageContaining("matches rows []");
        assertThatIllegalStateException().isThrownBy(table(everything, everything)::build);
        assertThatIllegalStateException()
                .isThrownBy(table(everything, impossible)::build)
                .withMessageContaining("no possible facts match");
        assertThat(table(everything).build()).hasSameSizeAs(DispatchRules.possibleFacts());
    }

    private static DispatchRules.Builder table(DispatchRules.Row... rows) {
        DispatchRules.Builder builder = new DispatchRules.Builder();
        for (DispatchRules.Row row : rows) {
            builder.add(row);
        }
        return builder;
    }

    private static List<DispatchRules.Row> rows() {
        return DispatchRules.rowsByFacts().values().stream().distinct().toList();
    }
}
