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
public record RelayMessage(@NotBlank @Size(max = RunLimits.MAX_RELAY_LENGTH) String text) {

    private static final Members<RelayMessage> MEMBERS =
            Members.of(RelayMessage.class, MethodHandles.lookup());

    /**
     * Checks the member.
     *
     * @throws dev.errand.RequestRefused if it is not valid
     */
    public RelayMessage {
        text = Text.trim(text);
        MEMBERS.check(text);
    }
}
