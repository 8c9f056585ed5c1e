package dev.errand.run;

import dev.errand.json.Members;
import dev.errand.json.Text;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.lang.invoke.MethodHandles;

/**
 * A request to pass a message on to the chat thread of a run's task (contract I12).
 *
 * @param text what to say
 */
public record RelayMessageRequest(@NotBlank @Size(max = RunLimits.MAX_RELAY_LENGTH) String text) {

    private static final Members<RelayMessageRequest> MEMBERS =
            Members.of(RelayMessageRequest.class, MethodHandles.lookup());

    /**
     * Checks the member.
     *
     * @throws dev.errand.error.InvalidRequestException if it is not valid
     */
    public RelayMessageRequest {
        text = Text.trim(text);
        MEMBERS.check(text);
    }
}
