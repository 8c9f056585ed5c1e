package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for the queue depth of a {@link dev.errand.spi.store.RunQueue}
 * (docs/invariants.md#i5).
 */
public abstract class QueueDepthContract extends StorageContract {

    private static final ProjectScope EVERY = ProjectScope.everyProject();

    /** Constructor for subclasses. */
    protected QueueDepthContract() {}

    /** {@code depth}: counts neither runs that are not due yet nor runs without a queue entry. */
    @Test
    public void onlyDueRunsAreCountedAsWaiting() {
        Instant now = clock.instant();
        assertThat(node.queue().depth(EVERY)).isEqualTo(QueueDepth.EMPTY);

        insert(aRun(insert(aTask())));
        queued(PROJECT, now.plusSeconds(1), 0);
        assertThat(node.queue().depth(EVERY)).isEqualTo(QueueDepth.EMPTY);
        clock.advance(Duration.ofSeconds(1));
        assertThat(otherNode.queue().depth(EVERY)).isEqualTo(waiting(1, now.plusSeconds(1)));
    }

    /**
     * {@code waitingSince}: returns the time of the run that has been due longest, whatever the
     * priorities.
     */
    @Test
    public void theOldestWaitingRunDeterminesTheWaitingTime() {
        Instant now = clock.instant();
        queued(PROJECT, now.minusSeconds(1), 100);
        queued(PROJECT, now.minusSeconds(9), -100);
        queued(OTHER_PROJECT, now.minusSeconds(5), 0);

        assertThat(node.queue().depth(EVERY)).isEqualTo(waiting(3, now.minusSeconds(9)));
        node.queue().claim(EVERY, new ClaimRequest("node-1", 2, LEASE));
        assertThat(otherNode.queue().depth(EVERY)).isEqualTo(waiting(1, now.minusSeconds(9)));
    }

    /**
     * docs/invariants.md#i11: a run with a live lease does not wait; it waits again when the lease
     * expires.
     */
    @Test
    public void aStartedRunIsUnattendedWhenItsLeaseExpires() {
        Instant now = clock.instant();
        StoredRun run = queued(PROJECT, now, 0);
        Lease lease = claimOne().lease();
        assertThat(node.queue().depth(EVERY)).isEqualTo(QueueDepth.EMPTY);

        clock.advance(LEASE);
        assertThat(otherNode.queue().depth(EVERY)).isEqualTo(unattended(1));
        assertThat(node.queue().renew(List.of(lease), LEASE).get(0)).isPresent();
        assertThat(node.queue().depth(EVERY)).isEqualTo(QueueDepth.EMPTY);
        node.queue().release(lease);
        assertThat(otherNode.queue().depth(EVERY)).isEqualTo(waiting(1, now));

        launch(run);
        assertThat(node.queue().depth(EVERY)).isEqualTo(unattended(1));
    }

    /** {@code depth}: a run that must be stopped is unattended but does not wait to start. */
    @Test
    public void aStoppingRunWithoutALeaseIsUnattended() {
        Instant now = clock.instant();
        StoredRun run = queued(PROJECT, now.minusSeconds(9), 0);
        queued(PROJECT, now, 0);
        changeEntry(run, entry -> entry.stopping(StopReason.CANCELLED, now));

        assertThat(node.queue().depth(EVERY)).isEqualTo(new QueueDepth(1, Optional.of(now), 1));
    }

    /** {@code depth}: each run is counted once, in its current phase. */
    @Test
    public void aRescheduledRunIsCountedOnce() {
        Instant now = clock.instant();
        StoredRun run = queued(PROJECT, now.minusSeconds(3), 0);
        StoredRun later = dueAt(run, now.plusSeconds(60));
        assertThat(node.queue().depth(EVERY)).isEqualTo(QueueDepth.EMPTY);

        StoredRun again = dueAt(later, now.minusSeconds(3));
        assertThat(node.queue().depth(EVERY)).isEqualTo(waiting(1, now.minusSeconds(3)));
        StoredRun urgent = changePriority(again, 9);
        assertThat(node.queue().depth(EVERY)).isEqualTo(waiting(1, now.minusSeconds(3)));
        node.queue().release(claimOne().lease());
        assertThat(node.queue().depth(EVERY)).isEqualTo(waiting(1, now.minusSeconds(3)));
        end(urgent, RunStatus.CANCELLED);
        assertThat(node.queue().depth(EVERY)).isEqualTo(QueueDepth.EMPTY);
    }

    /** docs/invariants.md#i5: runs outside the scope are not counted. */
    @Test
    public void theDepthCoversTheProjectsOfTheScope() {
        Instant now = clock.instant();
        queued(PROJECT, now.minusSeconds(2), 0);
        queued(PROJECT, now.minusSeconds(1), 0);
        queued(OTHER_PROJECT, now.minusSeconds(3), 0);
        launch(queued(OTHER_PROJECT, now, 0));

        assertThat(node.queue().depth(only(PROJECT))).isEqualTo(waiting(2, now.minusSeconds(2)));
        assertThat(node.queue().depth(only(OTHER_PROJECT)))
                .isEqualTo(new QueueDepth(1, Optional.of(now.minusSeconds(3)), 1));
        assertThat(node.queue().depth(ProjectScope.only(Set.of(PROJECT, OTHER_PROJECT))))
                .isEqualTo(node.queue().depth(EVERY));
        assertThat(node.queue().depth(only(ProjectId.of(99)))).isEqualTo(QueueDepth.EMPTY);
    }

    /** {@code depth}: reading has no side effects. */
    @Test
    public void readingTheDepthDoesNotChangeTheOrder() {
        Instant now = clock.instant();
        StoredRun second = queued(PROJECT, now.minusSeconds(1), 0);
        StoredRun first = queued(PROJECT, now.minusSeconds(2), 0);
        node.queue().depth(EVERY);

        assertThat(claimOne().stored()).isEqualTo(first);
        node.queue().depth(only(PROJECT));
        assertThat(claimOne().stored()).isEqualTo(second);
    }

    private static QueueDepth waiting(int count, Instant since) {
        return new QueueDepth(count, Optional.of(since), 0);
    }

    private static QueueDepth unattended(int count) {
        return new QueueDepth(0, Optional.empty(), count);
    }

    private static ProjectScope only(ProjectId project) {
        return ProjectScope.only(Set.of(project));
    }

    private StoredRun queued(ProjectId project, Instant dueAt, int priority) {
        return insert(
                project,
                aRun(insert(project, aTask()))
                        .queuedAt(dueAt)
                        .withScheduling(priority, RunTimeouts.NONE)
                        .build());
    }

    private StoredRun dueAt(StoredRun run, Instant time) {
        return changeEntry(
                run,
                entry ->
                        new QueueEntry(
                                entry.phase(),
                                entry.failures(),
                                entry.queuedAt(),
                                time,
                                entry.handle(),
                                entry.lastFailure(),
                                entry.stopReason(),
                                entry.priority(),
                                entry.timeouts()));
    }
}
