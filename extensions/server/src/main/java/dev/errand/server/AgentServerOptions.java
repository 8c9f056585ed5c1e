package dev.errand.server;

import dev.errand.commands.SandboxHosts;
import dev.errand.jwt.RsaConnectionTokens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How the server talks to agents in sandboxes (docs/wire/runs.md#i10, #i11). Immutable.
 *
 * @param keyFile the file with the RSA key that signs connection tokens; created if it does not
 *     exist. Empty for a file beside the server's key file, or for a random key if there is none
 * @param audience the audience of connection tokens
 * @param lifetime the lifetime of connection tokens
 * @param hosts the agent servers to which commands may be sent
 */
public record AgentServerOptions(
        Optional<Path> keyFile, String audience, Duration lifetime, SandboxHosts hosts) {

    /** The defaults: the audience and lifetime of the contract, and agents on this machine only. */
    public static final AgentServerOptions DEFAULT =
            new AgentServerOptions(
                    Optional.empty(),
                    RsaConnectionTokens.DEFAULT_AUDIENCE,
                    RsaConnectionTokens.DEFAULT_LIFETIME,
                    SandboxHosts.LOCAL);

    /**
     * Validates the values.
     *
     * @throws IllegalArgumentException if the audience is blank or the lifetime is shorter than a
     *     second
     */
    public AgentServerOptions {
        Objects.requireNonNull(keyFile, "keyFile");
        Objects.requireNonNull(hosts, "hosts");
        if (audience.isBlank()) {
            throw new IllegalArgumentException("connection-audience must not be blank");
        }
        if (lifetime.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "connection-lifetime must be at least 1s, not " + lifetime);
        }
    }
}
