package dev.errand.spi.sandbox;

import dev.errand.spi.Secret;
import java.time.Instant;

/**
 * Issues the tokens with which clients talk to the agent server in a sandbox
 * (docs/wire/runs.md#i10). The agent verifies a token with a public key alone. Thread-safe.
 */
@FunctionalInterface
public interface ConnectionTokens {

    /**
     * Returns a new token, which lets its bearer control the agent of one run until it expires.
     *
     * @param now the time at which its lifetime begins
     * @throws dev.errand.spi.PortException if it cannot be signed
     */
    Secret issue(ConnectionClaims claims, Instant now);
}
