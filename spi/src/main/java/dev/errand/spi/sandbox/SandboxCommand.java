package dev.errand.spi.sandbox;

import dev.errand.spi.JsonText;
import dev.errand.spi.Secret;
import java.util.Objects;

/**
 * A command for the agent server in a sandbox (docs/wire/runs.md#i11). Immutable.
 *
 * @param sandboxUrl the URL of the agent server, which {@link CommandSender#accepts}
 * @param token the connection token
 * @param request the JSON-RPC request
 */
public record SandboxCommand(String sandboxUrl, Secret token, JsonText request) {

    /** Rejects null components. */
    public SandboxCommand {
        Objects.requireNonNull(sandboxUrl, "sandboxUrl");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(request, "request");
    }
}
