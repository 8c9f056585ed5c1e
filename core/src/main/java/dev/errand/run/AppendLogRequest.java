package dev.errand.run;

import dev.errand.json.JsonObjectValue;
import dev.errand.json.Members;
import dev.errand.spi.JsonText;
import jakarta.validation.constraints.NotEmpty;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * A request to append to a run's log (contract I5).
 *
 * @param entries the entries, each a JSON object
 */
public record AppendLogRequest(
        @JsonObjectValue @NotEmpty(message = "At least one log entry is required")
                List<JsonText> entries) {

    private static final Members<AppendLogRequest> MEMBERS =
            Members.of(AppendLogRequest.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.error.InvalidRequestException if any does not hold, with all that do not
     */
    public AppendLogRequest {
        entries = List.copyOf(entries);
        MEMBERS.check(entries);
    }
}
