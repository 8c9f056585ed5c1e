package dev.errand.run;

import dev.errand.internal.constraints.NullAllowed;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import java.util.Optional;

/**
 * A request to cancel a cloud run (docs/wire/runs.md#l2).
 *
 * @param reason why; it becomes the error message of the run, unless it is blank
 * @param onlyIfAwaitingFirstMessage whether to cancel the run only if its agent waits for a first
 *     message. No run of Errand waits like that, so such a request changes nothing. Absent means
 *     false
 */
public record CancelRunRequest(
        @NullAllowed Optional<@ValidText(max = RunLimits.MAX_CANCEL_REASON_LENGTH) String> reason,
        Optional<Boolean> onlyIfAwaitingFirstMessage) {

    /** A request without a reason. */
    public static final CancelRunRequest WITHOUT_REASON =
            new CancelRunRequest(Optional.empty(), Optional.empty());

    /** Trims texts. */
    public CancelRunRequest {
        reason = Text.trim(reason);
    }

    /** Returns a request with a reason of at most 500 characters. */
    public static CancelRunRequest of(String reason) {
        return new CancelRunRequest(Optional.of(reason), Optional.empty());
    }
}
