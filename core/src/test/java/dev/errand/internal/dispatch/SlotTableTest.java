package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** There are never more supervised runs than slots. */
class SlotTableTest {

    private static final Instant START = Instant.parse("2026-05-07T09:30:00Z");

    private final SlotTable slots = new SlotTable(2);

    @Test
    void runsWithoutAFreeSlotWaitInTheirOrder() {
        LeasedRun first = add(1);
        LeasedRun second = add(2);
        LeasedRun third = add(3);

        assertThat(slots.assignSlots()).containsExactly(first, second);
        assertThat(slots.assignSlots()).isEmpty();
        assertThat(slots.supervised()).isEqualTo(2);
        assertThat(slots.claimable()).isEqualTo(-1);

        first.endSupervision();
        assertThat(slots.assignSlots()).containsExactly(third);
        assertThat(slots.claimable()).isZero();
    }

    @Test
    void theFinalChangeFreesTheSlotBeforeItIsWritten() {
        LeasedRun run = add(1);
        slots.assignSlots();
        run.setSettlement(LeasedRuns.settlement(run));

        assertThat(slots.claimable()).isEqualTo(2);
        assertThat(slots.find(run.run().id())).contains(run);
        assertThat(run.beginWork(START)).as("no thread may work on it").isFalse();

        run.resumeWork(START);
        assertThat(slots.claimable()).as("the change was rejected").isEqualTo(1);
    }

    @Test
    void anAbandonedThreadKeepsItsSlot() {
        slots.threadAbandoned();
        add(1);
        add(2);

        assertThat(slots.assignSlots()).hasSize(1);
        slots.threadReturned();
        assertThat(slots.assignSlots()).hasSize(1);
    }

    @Test
    void onlyRunsThatHaveWaitedTooLongAreRemoved() {
        add(1);
        add(2);
        slots.assignSlots();
        LeasedRun late = add(3, START);
        LeasedRun young = add(4, START.plusSeconds(1));

        assertThat(slots.removeWaiting(START.plusSeconds(1))).containsExactly(late);
        assertThat(slots.find(late.run().id())).isEmpty();
        assertThat(slots.find(young.run().id())).contains(young);
        assertThat(slots.supervised()).isEqualTo(2);
    }

    @Test
    void anEarlierClaimDoesNotRemoveALaterOneOfTheSameRun() throws Exception {
        LeasedRun earlier = add(1);
        assertThat(slots.remove(earlier)).isTrue();
        LeasedRun later = add(1);

        assertThat(slots.assignSlots()).containsExactly(later);
        assertThat(slots.remove(earlier)).isFalse();
        assertThat(slots.awaitEmpty(Duration.ofNanos(1))).isFalse();
        assertThat(slots.remove(later)).isTrue();
        assertThat(slots.awaitEmpty(Duration.ofNanos(1))).isTrue();
    }

    private LeasedRun add(int number) {
        return add(number, START);
    }

    private LeasedRun add(int number, Instant claimedAt) {
        LeasedRun run = LeasedRuns.claimed(number, claimedAt);
        slots.add(run);
        return run;
    }
}
