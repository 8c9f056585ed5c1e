package dev.errand.run;

import dev.errand.spi.run.RelayStatus;
import java.util.Optional;

/**
 * The result of {@link Runs#relayMessage} (docs/wire/runs.md#i12).
 *
 * @param relayId the id of the queued message; empty if it was skipped
 */
public record RelayResult(Optional<String> relayId) {

    /** The result if the run has ended or its task has no chat thread. */
    public static final RelayResult SKIPPED = new RelayResult(Optional.empty());

    /** Returns whether the message was queued or skipped. */
    public RelayStatus status() {
        return relayId.isPresent() ? RelayStatus.ACCEPTED : RelayStatus.SKIPPED;
    }
}
