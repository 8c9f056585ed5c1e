package dev.errand.spi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StoredRunTest {

    private static final Instant NOW = Instant.parse("2026-05-06T09:00:00Z");
    private static final Run NOT_STARTED =
            new Run(
                    ProjectId.of(7),
                    TaskId.of(new UUID(0x7000L, 1)),
                    RunId.of(new UUID(0x7000L, 2)),
                    1,
                    RunStatus.NOT_STARTED,
                    RunEnvironment.CLOUD,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    JsonText.EMPTY_OBJECT,
                    List.of(),
                    0,
                    Optional.empty(),
                    NOW,
                    NOW,
                    Optional.empty());
    private static final Run QUEUED =
            NOT_STARTED.change(NOW).status(RunStatus.QUEUED).nextAttempt().build();

    @Test
    void aRunWithoutAnAttemptHasNoQueueEntry() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StoredRun(NOT_STARTED, Optional.of(QueueEntry.queued(NOW))))
                .withMessageContaining("its attempt must be 1 or more");
    }

    @Test
    void aChangedEntryReplacesTheStoredOne() {
        StoredRun queued = new StoredRun(QUEUED, Optional.of(QueueEntry.queued(NOW)));

        StoredRun launched = queued.withRun(QUEUED, entry -> entry.launched("sandbox-1", NOW));

        assertThat(queued.isLaunched()).isFalse();
        assertThat(launched.isLaunched()).isTrue();
        assertThat(launched.withRun(QUEUED).entry()).isEqualTo(launched.entry());
    }

    @Test
    void aRunWithoutAnEntryIsNeitherLaunchedNorStopped() {
        StoredRun ended = StoredRun.withoutEntry(QUEUED);

        StoredRun changed = ended.withRun(QUEUED, entry -> entry.stopping(StopReason.ENDED, NOW));

        assertThat(changed).isEqualTo(ended);
        assertThat(changed.stopReason()).isEmpty();
        assertThat(changed.isLaunched()).isFalse();
    }
}
