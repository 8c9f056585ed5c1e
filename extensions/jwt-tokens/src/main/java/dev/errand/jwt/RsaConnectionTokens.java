package dev.errand.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.errand.spi.PortException;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import dev.errand.spi.sandbox.ConnectionClaims;
import dev.errand.spi.sandbox.ConnectionTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;

/**
 * Issues connection tokens as JWTs that are signed with RS256 (docs/wire/runs.md#i10). Immutable
 * and thread-safe.
 */
public final class RsaConnectionTokens implements ConnectionTokens {

    /** The audience that agent servers expect. */
    public static final String DEFAULT_AUDIENCE = "posthog:sandbox_connection";

    /** The default lifetime of a token: 24 hours. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);

    private final RsaSigningKey key;
    private final JWSSigner signer;
    private final String audience;
    private final Duration lifetime;

    private RsaConnectionTokens(
            RsaSigningKey key, JWSSigner signer, String audience, Duration lifetime) {
        this.key = key;
        this.signer = signer;
        this.audience = audience;
        this.lifetime = lifetime;
    }

    /** Returns an issuer with the default audience and lifetime. */
    public static RsaConnectionTokens of(RsaSigningKey key) {
        try {
            return new RsaConnectionTokens(
                    key, new RSASSASigner(key.key()), DEFAULT_AUDIENCE, DEFAULT_LIFETIME);
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Returns a copy with the given audience.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public RsaConnectionTokens withAudience(String changed) {
        if (changed.isBlank()) {
            throw new IllegalArgumentException("audience must not be blank");
        }
        return new RsaConnectionTokens(key, signer, changed, lifetime);
    }

    /**
     * Returns a copy with the given lifetime of tokens.
     *
     * @throws IllegalArgumentException if it is shorter than a second
     */
    public RsaConnectionTokens withLifetime(Duration changed) {
        if (Objects.requireNonNull(changed, "lifetime").toSeconds() < 1) {
            throw new IllegalArgumentException("lifetime must be at least 1 s, not " + changed);
        }
        return new RsaConnectionTokens(key, signer, audience, changed);
    }

    @Override
    public Secret issue(ConnectionClaims claims, Instant now) {
        JWTClaimsSet set =
                new JWTClaimsSet.Builder()
                        .audience(audience)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(lifetime)))
                        .claim("run_id", claims.run().toString())
                        .claim("task_id", claims.task().toString())
                        .claim("team_id", claims.project().value())
                        .claim("user_id", claims.user().map(UserId::value).orElse(0L))
                        .claim("distinct_id", claims.distinctId().orElse(""))
                        .claim("mode", claims.mode().wire())
                        .build();
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.key().getKeyID())
                        .build();
        SignedJWT token = new SignedJWT(header, set);
        try {
            token.sign(signer);
        } catch (JOSEException failure) {
            throw PortException.permanent("ConnectionTokens", "cannot sign a token", failure);
        }
        return Secret.of(token.serialize());
    }
}
