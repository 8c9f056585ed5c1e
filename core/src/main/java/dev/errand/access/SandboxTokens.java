package dev.errand.access;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Issues and verifies sandbox tokens. A token is valid for one attempt of one run.
 *
 * <p>A token consists of its claims and an HMAC-SHA256 of them. Nothing is stored, so all nodes
 * with the same key accept it, even after a restart. A token stays valid when the run ends, because
 * agents may send their last log entries and the branch afterwards (docs/wire/runs.md#g3).
 * Immutable and thread-safe.
 */
public final class SandboxTokens {

    /** The prefix of every token, by which secret scanners can find leaked tokens. */
    public static final String PREFIX = "errand_run_";

    private static final int MIN_KEY_LENGTH = 16;
    private static final int PARTS = 5;

    private static final String ALGORITHM = "HmacSHA256";

    /** Cloned for each use, which is cheaper than initializing a new instance with the key. */
    private final Mac keyed;

    private final Clock clock;

    /**
     * Creates an instance with a signing key.
     *
     * @param key at least 16 characters
     * @throws IllegalArgumentException if the key is shorter
     */
    public SandboxTokens(Secret key, Clock clock) {
        if (key.reveal().length() < MIN_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "the token key must have at least " + MIN_KEY_LENGTH + " characters");
        }
        this.keyed = keyed(key);
        this.clock = clock;
    }

    /** Issues a token for the agent of a sandbox. It expires after the given duration. */
    public Secret issue(SandboxId sandbox, Duration validFor) {
        String claims =
                String.join(
                        ".",
                        sandbox.project().toString(),
                        sandbox.task().toString(),
                        sandbox.run().toString(),
                        Integer.toString(sandbox.attempt()),
                        Long.toString(clock.instant().plus(validFor).getEpochSecond()));
        return Secret.of(PREFIX + claims + "." + signature(claims));
    }

    /**
     * Returns the permission that a token grants, or empty if it is not a token of this key, was
     * altered or has expired.
     */
    public Optional<RunGrant> verify(String token) {
        int end = token.lastIndexOf('.');
        if (!token.startsWith(PREFIX) || end < PREFIX.length()) {
            return Optional.empty();
        }
        String claims = token.substring(PREFIX.length(), end);
        boolean authentic =
                MessageDigest.isEqual(
                        signature(claims).getBytes(StandardCharsets.UTF_8),
                        token.substring(end + 1).getBytes(StandardCharsets.UTF_8));
        String[] parts = claims.split("\\.");
        if (!authentic || parts.length != PARTS) {
            return Optional.empty();
        }
        Instant expiresAt = Instant.ofEpochSecond(Long.parseLong(parts[4]));
        if (!clock.instant().isBefore(expiresAt)) {
            return Optional.empty();
        }
        return Optional.of(
                new RunGrant(
                        ProjectId.of(Long.parseLong(parts[0])),
                        TaskId.parse(parts[1]).orElseThrow(),
                        RunId.parse(parts[2]).orElseThrow(),
                        Integer.parseInt(parts[3])));
    }

    private String signature(String claims) {
        try {
            Mac mac = (Mac) keyed.clone();
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(claims.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException otherProvider) {
            throw new IllegalStateException(ALGORITHM + " cannot be copied", otherProvider);
        }
    }

    private static Mac keyed(Secret key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac;
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new IllegalStateException(ALGORITHM + " is not available", everyPlatformHasIt);
        }
    }
}
