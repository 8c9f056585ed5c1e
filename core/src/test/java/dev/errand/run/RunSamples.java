package dev.errand.run;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Sample runs. */
public final class RunSamples {

    public static final Instant CREATED = Instant.parse("2026-05-07T09:30:00Z");
    public static final Instant LATER = CREATED.plusSeconds(60);

    private RunSamples() {}

    /**
     * Returns a run with the queue entry that it has after the usual transitions to this status.
     */
    public static StoredRun stored(RunStatus status, RunEnvironment environment) {
        boolean isDispatched =
                environment == RunEnvironment.CLOUD && status != RunStatus.NOT_STARTED;
        return new StoredRun(
                run(status, environment, isDispatched ? 1 : 0, "{\"mode\":\"background\"}"),
                isDispatched ? entry(status) : Optional.empty());
    }

    public static Run withState(String state) {
        return run(RunStatus.IN_PROGRESS, RunEnvironment.LOCAL, 0, state);
    }

    public static Run run(RunStatus status, RunEnvironment environment, int attempt, String state) {
        boolean ended = status.isTerminal();
        return new Run(
                ProjectId.of(7),
                TaskId.of(new UUID(0x7000L, 1)),
                RunId.of(new UUID(0x7000L, 2)),
                3,
                status,
                environment,
                Optional.of("plan"),
                Optional.of("main"),
                Optional.empty(),
                Optional.empty(),
                JsonText.of(state),
                List.of(),
                attempt,
                ended ? Optional.of(EndReason.REPORTED) : Optional.empty(),
                CREATED,
                CREATED,
                ended ? Optional.of(CREATED) : Optional.empty());
    }

    private static Optional<QueueEntry> entry(RunStatus status) {
        if (status.isTerminal()) {
            return Optional.empty();
        }
        QueueEntry waiting = QueueEntry.queued(CREATED);
        return Optional.of(
                status == RunStatus.QUEUED ? waiting : waiting.launched("sandbox-1", CREATED));
    }
}
