package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.errand.internal.dispatch.DispatchFacts.Sandbox;
import dev.errand.internal.dispatch.DispatchFacts.Standing;
import dev.errand.internal.dispatch.DispatchFacts.Stop;
import dev.errand.spi.dispatch.DispatchState.Phase;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of the dispatch protocol, cell by cell, held against design 5 told in other words. */
class DispatchRulesTest {

    private static final Set<DispatchStep> STOPS =
            EnumSet.of(
                    DispatchStep.STOP,
                    DispatchStep.STOP_SILENT,
                    DispatchStep.STOP_OVERTIME,
                    DispatchStep.END_UNCONFIRMED);

    @Test
    void everyCellIsAsTheDesignSaysAndNoRowIsNeverWalked() {
        Set<DispatchRules.Row> walked = new HashSet<>();
        Set<DispatchStep> taken = EnumSet.noneOf(DispatchStep.class);

        for (DispatchFacts facts : DispatchRules.possibleFacts()) {
            DispatchStep step = DispatchRules.stepFor(facts);
            assertThat(step).as(facts.toString()).isEqualTo(byTheDesign(facts));
            walked.add(DispatchRules.cells().get(facts));
            taken.add(step);
        }

        assertThat(walked).containsExactlyInAnyOrderElementsOf(rows());
        assertThat(taken).containsExactlyInAnyOrder(DispatchStep.values());
    }

    /** The protocol as one would tell it. */
    private static DispatchStep byTheDesign(DispatchFacts facts) {
        if (!facts.phase().isActive()) {
            return DispatchStep.LET_GO;
        }
        boolean mayLaunch =
                facts.phase() == Phase.WAITING
                        && facts.standing() == Standing.QUEUED
                        && facts.stop() == Stop.NO;
        if (mayLaunch) {
            return switch (facts.overdue()) {
                case QUEUE_AGE -> DispatchStep.EXPIRE;
                case RETRIES -> DispatchStep.GIVE_UP;
                default -> DispatchStep.LAUNCH;
            };
        }
        return switch (facts.sandbox()) {
            case UNSEEN -> DispatchStep.INSPECT;
            case RUNNING, UNKNOWN -> ofALivingSandbox(facts);
            case EXITED -> isUnrecorded(facts) ? DispatchStep.ADOPT : DispatchStep.RECORD_EXIT;
            case GONE -> isUnrecorded(facts) ? DispatchStep.LEAVE : DispatchStep.RECORD_GONE;
        };
    }

    private static boolean isUnrecorded(DispatchFacts facts) {
        return facts.phase() == Phase.WAITING && facts.stop() == Stop.NO;
    }

    private static DispatchStep ofALivingSandbox(DispatchFacts facts) {
        boolean seen = facts.sandbox() == Sandbox.RUNNING;
        return switch (facts.stop()) {
            case SOON -> seen ? DispatchStep.LET_FINISH : DispatchStep.LOOK_AGAIN;
            case NOW ->
                    facts.overdue() == Overdue.STOP_TIME && facts.standing() != Standing.ENDED
                            ? DispatchStep.END_UNCONFIRMED
                            : DispatchStep.STOP;
            case NO -> {
                if (facts.overdue() == Overdue.RUN_TIME) {
                    yield DispatchStep.STOP_OVERTIME;
                }
                if (!seen) {
                    yield DispatchStep.LOOK_AGAIN;
                }
                if (isUnrecorded(facts)) {
                    yield DispatchStep.ADOPT;
                }
                yield facts.overdue() == Overdue.SILENCE
                        ? DispatchStep.STOP_SILENT
                        : DispatchStep.WATCH;
            }
        };
    }

    /** W4: who was not looked at is not stopped, and who cannot be seen is not called silent. */
    @Test
    void nothingIsStoppedUnseenOrForASilenceThatNobodyCouldHear() {
        for (DispatchFacts facts : DispatchRules.possibleFacts()) {
            DispatchStep step = DispatchRules.stepFor(facts);
            if (STOPS.contains(step)) {
                assertThat(facts.sandbox()).isNotEqualTo(Sandbox.UNSEEN);
            }
            if (step == DispatchStep.STOP_SILENT) {
                assertThat(facts.sandbox()).isEqualTo(Sandbox.RUNNING);
                assertThat(facts.overdue()).isEqualTo(Overdue.SILENCE);
            }
        }
    }

    /** W1, W5: what ended or is to stop is never launched, and no end is replaced. */
    @Test
    void nothingIsLaunchedOrEndedThatHasEnded() {
        for (DispatchFacts facts : DispatchRules.possibleFacts()) {
            DispatchStep step = DispatchRules.stepFor(facts);
            if (facts.standing() == Standing.ENDED || facts.stop() != Stop.NO) {
                assertThat(step)
                        .isNotIn(
                                DispatchStep.LAUNCH,
                                DispatchStep.EXPIRE,
                                DispatchStep.GIVE_UP,
                                DispatchStep.ADOPT,
                                DispatchStep.WATCH);
            }
            if (facts.standing() == Standing.ENDED) {
                assertThat(step).isNotEqualTo(DispatchStep.END_UNCONFIRMED);
            }
        }
    }

    /** W3: whatever is owed has an end, once its limits are past and its sandbox can be seen. */
    @Test
    void whatIsPastItsLimitIsNeverJustWatched() {
        for (DispatchFacts facts : DispatchRules.possibleFacts()) {
            boolean judged =
                    facts.phase().isActive()
                            && facts.overdue() != Overdue.NOTHING
                            && facts.sandbox() != Sandbox.UNSEEN
                            && facts.sandbox() != Sandbox.UNKNOWN
                            && facts.stop() != Stop.SOON;
            if (judged) {
                assertThat(DispatchRules.stepFor(facts))
                        .isNotIn(DispatchStep.WATCH, DispatchStep.LOOK_AGAIN, DispatchStep.LAUNCH);
            }
        }
    }

    @Test
    void whatCannotBeHasNoStep() {
        DispatchFacts endedButNotToStop =
                new DispatchFacts(
                        Phase.LAUNCHED, Standing.ENDED, Stop.NO, Sandbox.RUNNING, Overdue.NOTHING);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DispatchRules.stepFor(endedButNotToStop))
                .withMessageContaining("cannot be");
    }

    @Test
    void aTableWithAGapAnOverlapOrADeadRowCannotBeBuilt() {
        DispatchRules.Row everything =
                new DispatchRules.Row(
                        EnumSet.allOf(Phase.class),
                        EnumSet.allOf(Standing.class),
                        EnumSet.allOf(Stop.class),
                        EnumSet.allOf(Sandbox.class),
                        EnumSet.allOf(Overdue.class),
                        DispatchStep.WATCH);
        DispatchRules.Row impossible =
                new DispatchRules.Row(
                        EnumSet.of(Phase.NONE),
                        EnumSet.of(Standing.ENDED),
                        EnumSet.of(Stop.NO),
                        EnumSet.allOf(Sandbox.class),
                        EnumSet.allOf(Overdue.class),
                        DispatchStep.STOP);

        assertThatIllegalStateException()
                .isThrownBy(new DispatchRules.Builder()::build)
                .withMessageContaining("is in rows []");
        assertThatIllegalStateException().isThrownBy(table(everything, everything)::build);
        assertThatIllegalStateException()
                .isThrownBy(table(everything, impossible)::build)
                .withMessageContaining("nothing can be in");
        assertThat(table(everything).build()).hasSameSizeAs(DispatchRules.possibleFacts());
    }

    private static DispatchRules.Builder table(DispatchRules.Row... rows) {
        DispatchRules.Builder builder = new DispatchRules.Builder();
        for (DispatchRules.Row row : rows) {
            builder.row(
                    row.phases(),
                    row.standings(),
                    row.stops(),
                    row.sandboxes(),
                    row.overdue(),
                    row.step());
        }
        return builder;
    }

    private static List<DispatchRules.Row> rows() {
        return DispatchRules.cells().values().stream().distinct().toList();
    }
}
