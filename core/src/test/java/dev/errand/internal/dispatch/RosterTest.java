package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Never more runs are begun than there are slots, and none is forgotten. */
class RosterTest {

    private static final Instant START = Instant.parse("2026-05-07T09:30:00Z");

    private final Roster roster = new Roster(2);

    @Test
    void thoseThatFindNoSlotWaitInTheirOrder() {
        Supervised first = add(1);
        Supervised second = add(2);
        Supervised third = add(3);

        assertThat(roster.begin()).containsExactly(first, second);
        assertThat(roster.begin()).isEmpty();
        assertThat(roster.begun()).isEqualTo(2);
        assertThat(roster.free()).isEqualTo(-1);

        first.over();
        assertThat(roster.begin()).containsExactly(third);
        assertThat(roster.free()).isZero();
    }

    @Test
    void anEndThatIsDecidedFreesTheSlotBeforeItIsWritten() {
        Supervised run = add(1);
        roster.begin();
        run.settle(new Settling(run, null, true, () -> {}, () -> {}));

        assertThat(roster.free()).isEqualTo(2);
        assertThat(roster.find(run.run().id())).contains(run);
        assertThat(run.tryBegin(START)).as("nobody attends to it").isFalse();

        run.resume(START);
        assertThat(roster.free()).as("it was not to be").isEqualTo(1);
    }

    @Test
    void aThreadThatHangsKeepsItsSlot() {
        roster.stuck();
        add(1);
        add(2);

        assertThat(roster.begin()).hasSize(1);
        roster.unstuck();
        assertThat(roster.begin()).hasSize(1);
    }

    @Test
    void onlyThoseThatWaitForTooLongAreRemoved() {
        add(1);
        add(2);
        roster.begin();
        Supervised late = add(3, START);
        Supervised young = add(4, START.plusSeconds(1));

        assertThat(roster.removeWaiting(START.plusSeconds(1))).containsExactly(late);
        assertThat(roster.find(late.run().id())).isEmpty();
        assertThat(roster.find(young.run().id())).contains(young);
        assertThat(roster.begun()).isEqualTo(2);
    }

    @Test
    void aRunThatIsClaimedAnewIsNotRemovedWithWhatWasKnownOfIt() {
        Supervised before = add(1);
        assertThat(roster.remove(before)).isTrue();
        Supervised again = add(1);

        assertThat(roster.begin()).containsExactly(again);
        assertThat(roster.remove(before)).isFalse();
        assertThat(roster.remove(again)).isTrue();
        assertThat(roster.isEmpty()).isTrue();
    }

    private Supervised add(int number) {
        return add(number, START);
    }

    private Supervised add(int number, Instant claimedAt) {
        Supervised run = supervised(number, claimedAt);
        roster.add(run);
        return run;
    }

    private static Supervised supervised(int number, Instant claimedAt) {
        Run run = run(new UUID(1, number));
        Lease lease = new Lease(run.project(), run.id(), "node-1", 1, START.plusSeconds(30));
        return new Supervised(
                new ClaimedRun(run, lease),
                Optional.empty(),
                claimedAt,
                claimedAt.plus(Duration.ofSeconds(10)));
    }

    private static Run run(UUID id) {
        return new Run(
                ProjectId.of(7),
                TaskId.of(new UUID(0x7000L, 1)),
                RunId.of(id),
                1,
                RunStatus.QUEUED,
                RunEnvironment.CLOUD,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                JsonText.of("{}"),
                List.of(),
                DispatchState.NONE.queued(START),
                Optional.empty(),
                START,
                START,
                Optional.empty());
    }
}
