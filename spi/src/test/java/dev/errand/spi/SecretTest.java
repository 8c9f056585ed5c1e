package dev.errand.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Secrets that are derived from a secret. */
class SecretTest {

    private final Secret secret = Secret.of("a key of a host, for tests only ....");

    /** The value was computed with another implementation of HMAC. */
    @Test
    void aDerivedSecretIsThatOfHkdf() {
        assertThat(secret.derive("log links").reveal())
                .isEqualTo("lnLL51aeOZG6BLmwPldUhkJ2+O9NlsUTBfaE4xiIr2Y=");
    }

    @Test
    void eachLabelHasItsOwnSecret() {
        assertThat(secret.derive("log links"))
                .isEqualTo(secret.derive("log links"))
                .isNotEqualTo(secret.derive("objects"))
                .isNotEqualTo(Secret.of("another key").derive("log links"));
    }
}
