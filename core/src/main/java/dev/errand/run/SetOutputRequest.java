package dev.errand.run;

import dev.errand.internal.constraints.NotJsonNull;
import dev.errand.spi.JsonText;
import jakarta.validation.constraints.NotNull;

/**
 * A request to replace a run's output (docs/wire/runs.md#i4).
 *
 * @param output the result, any JSON but null
 */
public record SetOutputRequest(@NotNull @NotJsonNull JsonText output) {

    public SetOutputRequest {}
}
