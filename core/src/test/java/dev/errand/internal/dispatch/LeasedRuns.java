package dev.errand.internal.dispatch;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Creates active runs for tests. */
final class LeasedRuns {

    private LeasedRuns() {}

    /** Returns a run that was claimed and waits for a slot. */
    static LeasedRun claimed(int number, Instant claimedAt) {
        Run run = queued(new UUID(1, number), claimedAt);
        Lease lease = new Lease(run.project(), run.id(), "node-1", 1, claimedAt.plusSeconds(30));
        return new LeasedRun(
                new ClaimedRun(run, QueueEntry.queued(claimedAt), lease),
                Optional.empty(),
                claimedAt,
                claimedAt.plus(Duration.ofSeconds(10)));
    }

    /** Returns a final change of a run. */
    static PendingSettlement settlement(LeasedRun run) {
        StoredRun before = run.stored();
        StoredRun after =
                StoredRun.withoutEntry(
                        before.run().change(before.run().updatedAt().plusSeconds(1)).build());
        return new PendingSettlement(run, RunChange.of(before, after), true, () -> {}, () -> {});
    }

    private static Run queued(UUID id, Instant at) {
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
                1,
                Optional.empty(),
                at,
                at,
                Optional.empty());
    }
}
