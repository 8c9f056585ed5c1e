package dev.errand.run;

import java.util.Objects;

/**
 * The answer of an agent to a command (docs/wire/runs.md#i11). The agent reports its own errors in
 * it, as JSON-RPC says.
 *
 * @param json the JSON text, exactly as the agent sent it
 */
public record CommandReply(String json) {

    /** Requires that no component is null. */
    public CommandReply {
        Objects.requireNonNull(json, "json");
    }
}
