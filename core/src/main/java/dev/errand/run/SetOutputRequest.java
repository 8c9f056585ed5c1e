package dev.errand.run;

import dev.errand.json.Members;
import dev.errand.spi.JsonText;
import java.lang.invoke.MethodHandles;

/**
 * A request to replace a run's output (contract I4).
 *
 * @param output the result, any JSON but null
 */
public record SetOutputRequest(JsonText output) {

    private static final Members<SetOutputRequest> MEMBERS =
            Members.of(SetOutputRequest.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.error.InvalidRequestException if any does not hold, with all that do not
     */
    public SetOutputRequest {
        MEMBERS.check(output);
    }
}
