package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The positions at which the claims of a node start. */
final class QueueMarksTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final ProjectScope EVERY = ProjectScope.everyProject();
    private static final Instant NOW = Instant.parse("2026-05-06T09:00:00Z");

    private final QueueMarks marks = new QueueMarks();

    @Test
    void aClaimStartsASecondBeforeTheLastClaimedRun() {
        StoredRun first = queued(NOW.minusSeconds(20), 0);
        marks.inserted(first);
        QueueMarks.Start start = marks.start(EVERY, NOW);
        assertThat(from(start)).isEqualTo(NOW.minusSeconds(21));

        marks.claimed(start, List.of(claimed(first)), false, NOW);

        assertThat(from(marks.start(EVERY, NOW))).isEqualTo(NOW.minusSeconds(21));
        StoredRun second = queued(NOW.minusSeconds(5), 0);
        marks.claimed(marks.start(EVERY, NOW), List.of(claimed(second)), false, NOW);
        assertThat(from(marks.start(EVERY, NOW))).isEqualTo(NOW.minusSeconds(6));
    }

    @Test
    void aClaimThatFoundTooLittleMovesTheMarksToItsTime() {
        marks.inserted(queued(NOW.minusSeconds(20), 0));

        marks.claimed(marks.start(EVERY, NOW), List.of(), true, NOW);

        assertThat(from(marks.start(EVERY, NOW))).isEqualTo(NOW.minusSeconds(1));
    }

    @Test
    void lanesAreReadByDescendingPriority() {
        for (int priority : new int[] {0, 9, -3}) {
            marks.inserted(queued(NOW, priority));
        }

        assertThat(marks.start(EVERY, NOW).lanes())
                .extracting(start -> start.lane().priority())
                .containsExactly(9, 0, -3);
    }

    @Test
    void onlyProjectsOfTheScopeAreRead() {
        marks.inserted(queued(NOW, 0));

        ProjectScope other = ProjectScope.only(Set.of(ProjectId.of(8)));
        assertThat(marks.start(other, NOW).isEmpty()).isTrue();
        assertThat(marks.start(ProjectScope.only(Set.of(PROJECT)), NOW).isEmpty()).isFalse();
    }

    @Test
    void anOldEntryOfThisNodeLowersTheMark() {
        marks.inserted(queued(NOW, 0));
        marks.claimed(marks.start(EVERY, NOW), List.of(), true, NOW);

        marks.inserted(queued(NOW.minusSeconds(60), 0));

        assertThat(from(marks.start(EVERY, NOW))).isEqualTo(NOW.minusSeconds(61));
    }

    /** The claim may have begun before the entry was committed. */
    @Test
    void aConcurrentClaimDoesNotRaiseALoweredMark() {
        marks.inserted(queued(NOW, 0));
        QueueMarks.Start concurrent = marks.start(EVERY, NOW);
        marks.inserted(queued(NOW.minusSeconds(60), 0));

        marks.claimed(concurrent, List.of(), true, NOW);

        assertThat(from(marks.start(EVERY, NOW))).isEqualTo(NOW.minusSeconds(61));
    }

    /** Otherwise no claim would ever move the mark while this node inserts runs. */
    @Test
    void aNewEntryDoesNotKeepConcurrentClaimsFromMovingTheMark() {
        marks.inserted(queued(NOW.minusSeconds(20), 0));
        QueueMarks.Start concurrent = marks.start(EVERY, NOW);
        marks.inserted(queued(NOW, 0));

        marks.claimed(concurrent, List.of(), true, NOW);

        assertThat(from(marks.start(EVERY, NOW))).isEqualTo(NOW.minusSeconds(1));
    }

    @Test
    void aReleasedRunLowersTheMark() {
        StoredRun run = queued(NOW.minusSeconds(20), 0);
        marks.inserted(run);
        ClaimedRun claimed = claimed(run);
        marks.claimed(marks.start(EVERY, NOW), List.of(claimed), true, NOW);

        marks.released(claimed.lease(), claimed.entry());

        assertThat(from(marks.start(EVERY, NOW))).isEqualTo(NOW.minusSeconds(21));
    }

    @Test
    void anExpiredLeaseOfThisNodeIsACandidate() {
        StoredRun run = queued(NOW, 0);
        marks.inserted(run);
        Lease lease = claimed(run).lease();
        marks.claimed(marks.start(EVERY, NOW), List.of(claimed(run)), true, NOW);
        assertThat(marks.start(EVERY, lease.until().minusMillis(1)).started()).isEmpty();

        assertThat(marks.start(EVERY, lease.until()).started()).containsKey(key(run));
    }

    @Test
    void aRenewedOrEndedLeaseIsNoCandidate() {
        StoredRun renewed = queued(NOW, 0);
        StoredRun ended = queued(NOW, 0);
        Lease lease = claimed(renewed).lease();
        marks.leased(lease);
        marks.leased(claimed(ended).lease());
        marks.leased(
                new Lease(
                        lease.project(),
                        lease.run(),
                        lease.owner(),
                        lease.token(),
                        lease.until().plusSeconds(60)));
        StoredRun after = StoredRun.withoutEntry(ended.run().change(NOW.plusSeconds(1)).build());
        marks.updated(RunChange.of(ended, after));

        assertThat(marks.start(EVERY, lease.until()).started()).isEmpty();
    }

    @Test
    void aRunToBeStoppedIsACandidateUntilItIsClaimed() {
        StoredRun run = queued(NOW, 0);
        QueueEntry stopping = run.entry().orElseThrow().stopping(StopReason.CANCELLED, NOW);
        StoredRun after =
                new StoredRun(run.run().change(NOW.plusSeconds(1)).build(), Optional.of(stopping));
        marks.updated(RunChange.of(run, after));
        QueueMarks.Start start = marks.start(EVERY, NOW);
        assertThat(start.started()).containsKey(key(run));

        marks.claimed(start, List.of(claimed(after)), false, NOW);

        assertThat(marks.start(EVERY, NOW).started()).isEmpty();
    }

    @Test
    void aScanReplacesMarksAndAddsCandidates() {
        StoredRun started = queued(NOW, 0);
        marks.inserted(queued(NOW, 0));
        marks.claimed(marks.start(EVERY, NOW), List.of(), true, NOW);

        scan(lane(0, NOW.minusSeconds(40)), lane(5, NOW.plusSeconds(40)), started);

        QueueMarks.Start start = marks.start(EVERY, NOW);
        assertThat(start.lanes())
                .extracting(QueueMarks.LaneStart::from)
                .containsExactly(NOW.minusSeconds(1), NOW.minusSeconds(41));
        assertThat(start.started()).containsKey(key(started));
    }

    @Test
    void aLaneWithoutRunsIsForgottenAfterAMinute() {
        marks.inserted(queued(NOW, 0));
        marks.claimed(marks.start(EVERY, NOW), List.of(), true, NOW);
        QueueScan.Result empty = new QueueScan.Result(List.of(), List.of());

        Instant soon = NOW.plusSeconds(59);
        marks.scanned(empty, marks.begin(soon), soon);
        assertThat(from(marks.start(EVERY, soon))).isEqualTo(soon.minusSeconds(1));
        Instant later = NOW.plusSeconds(61);
        marks.scanned(empty, marks.begin(later), later);
        assertThat(marks.start(EVERY, later).isEmpty()).isTrue();
    }

    private void scan(QueueScan.LaneState one, QueueScan.LaneState other, StoredRun started) {
        QueueScan.Result result = new QueueScan.Result(List.of(one, other), List.of(key(started)));
        marks.scanned(result, marks.begin(NOW), NOW);
    }

    private static QueueScan.LaneState lane(int priority, Instant firstDue) {
        return new QueueScan.LaneState(
                new QueueMarks.Lane(PROJECT, priority), Optional.of(firstDue), 0);
    }

    private static Instant from(QueueMarks.Start start) {
        assertThat(start.lanes()).hasSize(1);
        return start.lanes().get(0).from();
    }

    private static QueueMarks.RunKey key(StoredRun run) {
        return QueueMarks.RunKey.of(run);
    }

    private static StoredRun queued(Instant dueAt, int priority) {
        return aRun(aTask().build().numbered(PROJECT, 1))
                .queuedAt(dueAt)
                .withScheduling(priority, RunTimeouts.NONE)
                .build()
                .stored();
    }

    private static ClaimedRun claimed(StoredRun run) {
        Lease lease =
                new Lease(PROJECT, run.run().id(), "node-1", 1, NOW.plus(Duration.ofSeconds(30)));
        return new ClaimedRun(run.run(), run.entry().orElseThrow(), lease);
    }
}
