package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** There are never more active runs than slots. */
class SlotTableTest {

    private static final Instant START = Instant.parse("2026-05-07T09:30:00Z");

    private final SlotTable slots = new SlotTable(2);

    @Test
    void runsWithoutAFreeSlotWaitInTheirOrder() {
        ActiveRun first = add(1);
        ActiveRun second = add(2);
        ActiveRun third = add(3);

        assertThat(slots.activate()).containsExactly(first, second);
        assertThat(slots.activate()).isEmpty();
        assertThat(slots.supervised()).isEqualTo(2);
        assertThat(slots.free()).isEqualTo(-1);

        first.markOver();
        assertThat(slots.activate()).containsExactly(third);
        assertThat(slots.free()).isZero();
    }

    @Test
    void theFinalChangeFreesTheSlotBeforeItIsWritten() {
        ActiveRun run = add(1);
        slots.activate();
        run.settle(ActiveRuns.settlement(run));

        assertThat(slots.free()).isEqualTo(2);
        assertThat(slots.find(run.run().id())).contains(run);
        assertThat(run.beginWork(START)).as("no thread may work on it").isFalse();

        run.resumeWork(START);
        assertThat(slots.free()).as("the change was rejected").isEqualTo(1);
    }

    @Test
    void anAbandonedThreadKeepsItsSlot() {
        slots.threadAbandoned();
        add(1);
        add(2);

        assertThat(slots.activate()).hasSize(1);
        slots.threadReturned();
        assertThat(slots.activate()).hasSize(1);
    }

    @Test
    void onlyRunsThatHaveWaitedTooLongAreRemoved() {
        add(1);
        add(2);
        slots.activate();
        ActiveRun late = add(3, START);
        ActiveRun young = add(4, START.plusSeconds(1));

        assertThat(slots.removeWaiting(START.plusSeconds(1))).containsExactly(late);
        assertThat(slots.find(late.run().id())).isEmpty();
        assertThat(slots.find(young.run().id())).contains(young);
        assertThat(slots.supervised()).isEqualTo(2);
    }

    @Test
    void anEarlierClaimDoesNotRemoveALaterOneOfTheSameRun() throws Exception {
        ActiveRun earlier = add(1);
        assertThat(slots.remove(earlier)).isTrue();
        ActiveRun later = add(1);

        assertThat(slots.activate()).containsExactly(later);
        assertThat(slots.remove(earlier)).isFalse();
        assertThat(slots.awaitEmpty(Duration.ofNanos(1))).isFalse();
        assertThat(slots.remove(later)).isTrue();
        assertThat(slots.awaitEmpty(Duration.ofNanos(1))).isTrue();
    }

    private ActiveRun add(int number) {
        return add(number, START);
    }

    private ActiveRun add(int number, Instant claimedAt) {
        ActiveRun run = ActiveRuns.claimed(number, claimedAt);
        slots.add(run);
        return run;
    }
}
