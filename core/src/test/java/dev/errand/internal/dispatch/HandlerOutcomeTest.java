package dev.errand.internal.dispatch;

import static dev.errand.run.RunSamples.CREATED;
import static dev.errand.run.RunSamples.LATER;
import static dev.errand.spi.run.RunEnvironment.CLOUD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.internal.dispatch.PooledRun.Cancellation;
import dev.errand.run.RunSamples;
import dev.errand.run.StatusPolicy;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.StoredRun;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a run ends that a worker pool has executed (docs/wire/runs.md#g3). */
class HandlerOutcomeTest {

    private static final HandlerOutcome RETURNED =
            HandlerOutcome.returned(
                    UpdateRunRequest.builder().status(RunStatus.COMPLETED).branch("fix").build());
    private static final HandlerOutcome THREW =
            HandlerOutcome.threw(new IllegalStateException("the disk is full"));

    /** A dash means: none, or unchanged. */
    @ParameterizedTest
    @CsvSource({
        // status,   stop,         cancellation, outcome,      status,    reason,       branch
        "QUEUED,     -,            -,            RETURNED,     COMPLETED, REPORTED,     fix",
        "QUEUED,     -,            -,            THREW,        FAILED,    REPORTED,     main",
        "QUEUED,     -,            TIME_LIMIT,   RETURNED,     FAILED,    TIME_LIMIT,   main",
        "QUEUED,     -,            TIME_LIMIT,   THREW,        FAILED,    TIME_LIMIT,   main",
        "QUEUED,     -,            TIME_LIMIT,   NOT_RETURNED, FAILED,    TIME_LIMIT,   main",
        "QUEUED,     -,            POOL_STOPPED, RETURNED,     COMPLETED, REPORTED,     fix",
        "QUEUED,     HANDOFF,      STOPPED,      RETURNED,     QUEUED,    -,            main",
        "QUEUED,     HANDOFF,      STOPPED,      THREW,        QUEUED,    -,            main",
        "QUEUED,     TASK_DELETED, STOPPED,      NOT_RETURNED, CANCELLED, TASK_DELETED, main",
        "CANCELLED,  CANCELLED,    STOPPED,      RETURNED,     CANCELLED, REPORTED,     fix",
        "CANCELLED,  CANCELLED,    STOPPED,      THREW,        CANCELLED, REPORTED,     main",
        "CANCELLED,  CANCELLED,    -,            RETURNED,     CANCELLED, REPORTED,     fix",
        "CANCELLED,  CANCELLED,    TIME_LIMIT,   THREW,        CANCELLED, REPORTED,     main",
        "COMPLETED,  ENDED,        -,            THREW,        COMPLETED, REPORTED,     main",
    })
    void aRunEndsByTheOutcomeOfItsHandlerUnlessItWasStopped(
            RunStatus before,
            String stop,
            String cancellation,
            String outcome,
            RunStatus status,
            String reason,
            String branch) {
        QueueEntry waiting = QueueEntry.queued(CREATED);
        QueueEntry entry =
                stop.equals("-") ? waiting : waiting.stopping(StopReason.valueOf(stop), CREATED);
        HandlerOutcome handler =
                switch (outcome) {
                    case "RETURNED" -> RETURNED;
                    case "THREW" -> THREW;
                    default -> HandlerOutcome.NOT_RETURNED;
                };

        StoredRun stored =
                handler.applyTo(
                        new StoredRun(RunSamples.run(before, CLOUD, 1, "{}"), Optional.of(entry)),
                        cancellation.equals("-")
                                ? Optional.empty()
                                : Optional.of(Cancellation.valueOf(cancellation)),
                        StatusPolicy.STRICT,
                        LATER);

        Run after = stored.run();
        assertThat(after.status()).isEqualTo(status);
        assertThat(after.endReason().map(Enum::name).orElse("-")).isEqualTo(reason);
        assertThat(after.branch()).hasValue(branch);
        assertThat(stored.entry()).isEmpty();
    }

    @Test
    void theCauseOfAFailureIsRecorded() {
        StoredRun queued = RunSamples.stored(RunStatus.QUEUED, CLOUD);

        StoredRun failed = THREW.applyTo(queued, Optional.empty(), StatusPolicy.STRICT, LATER);

        assertThat(failed.run().errorMessage()).hasValue("the disk is full");
    }
}
