package dev.errand.run;

import dev.errand.spi.run.RelayStatus;
import java.util.Optional;

/**
 * What became of a message to a chat thread (contract I12).
 *
 * @param relayId the id under which it was queued; empty if it was skipped
 */
public record RelayResult(Optional<String> relayId) {

    /** The answer where the run has ended or no thread belongs to it. */
    public static final RelayResult SKIPPED = new RelayResult(Optional.empty());

    /** Whether it was queued. */
    public RelayStatus status() {
        return relayId.isPresent() ? RelayStatus.ACCEPTED : RelayStatus.SKIPPED;
    }
}
