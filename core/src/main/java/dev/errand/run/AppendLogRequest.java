package dev.errand.run;

import dev.errand.internal.constraints.JsonObjectValue;
import dev.errand.internal.constraints.NotJsonNull;
import dev.errand.internal.json.Lists;
import dev.errand.spi.JsonText;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/**
 * A request to append to a run's log (docs/wire/logs.md#i5).
 *
 * @param entries the entries, each a JSON object
 */
public record AppendLogRequest(
        @NotEmpty(message = "At least one log entry is required")
                List<@NotNull @NotJsonNull @JsonObjectValue JsonText> entries) {

    /** Copies lists. */
    public AppendLogRequest {
        entries = Lists.copyOf(entries);
    }
}
