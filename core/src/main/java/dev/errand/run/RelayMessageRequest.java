package dev.errand.run;

import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import jakarta.validation.constraints.NotBlank;

/**
 * A request to pass a message on to the chat thread of a run's task (docs/wire/runs.md#i12).
 *
 * @param text what to say
 */
public record RelayMessageRequest(
        @ValidText(max = RunLimits.MAX_RELAY_LENGTH) @NotBlank String text) {

    /** Trims texts. */
    public RelayMessageRequest {
        text = Text.trimNullable(text);
    }
}
