package dev.errand.server;

import dev.errand.spi.Secret;

/**
 * The keys of a server, each derived from one secret with its own label. Deterministic for a
 * secret. Immutable.
 */
final class ServerKeys {

    private final Secret root;

    private ServerKeys(Secret root) {
        this.root = root;
    }

    /** Returns the keys derived from a secret. */
    static ServerKeys of(Secret secret) {
        return new ServerKeys(secret);
    }

    /** Returns new random keys. */
    static ServerKeys random() {
        return of(TokenRegistry.random());
    }

    /** Returns the key that signs links to logs. */
    Secret logLinks() {
        return root.derive("log links");
    }

    /** Returns the key that signs sandbox tokens. */
    Secret sandboxTokens() {
        return root.derive("run tokens");
    }

    /** Returns the key that encrypts the secrets of runs: an AES key of 256 bits in base64. */
    Secret runSecrets() {
        return root.derive("run secrets");
    }
}
