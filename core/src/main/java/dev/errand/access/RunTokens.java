package dev.errand.access;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.run.RunId;
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
 * The tokens that sandboxes authenticate with: each names one attempt of one run and is good for
 * that alone.
 *
 * <p>A token is its claims and an HMAC-SHA256 over them, so nothing is stored, and tokens outlive a
 * restart that keeps the key. A run that ends keeps its token: late logs and branches are welcome
 * (contract G3). Immutable, thread-safe.
 */
public final class RunTokens {

    /** What every token begins with, so that leaked ones can be searched for. */
    public static final String PREFIX = "errand_run_";

    private static final int MIN_KEY_LENGTH = 16;
    private static final int PARTS = 5;

    private static final String ALGORITHM = "HmacSHA256";

    /** Knows the key, and is copied for each use: to make one anew takes longer than to use it. */
    private final Mac keyed;

    private final Clock clock;

    public RunTokens(Secret key, Clock clock) {
        if (key.reveal().length() < MIN_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "the token key must have at least " + MIN_KEY_LENGTH + " characters");
        }
        this.keyed = keyed(key);
        this.clock = clock;
    }

    /** Makes the token of a sandbox, good for the time given. */
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
     * What a token is good for; empty if it is not one of ours, was altered, or its time is over.
     */
    public Optional<RunGrant> verify(String token) {
        int end = token.lastIndexOf('.');
        if (!token.startsWith(PREFIX) || end < PREFIX.length()) {
            return Optional.empty();
        }
        String claims = token.substring(PREFIX.length(), end);
        boolean ours =
                MessageDigest.isEqual(
                        signature(claims).getBytes(StandardCharsets.UTF_8),
                        token.substring(end + 1).getBytes(StandardCharsets.UTF_8));
        String[] parts = claims.split("\\.");
        if (!ours || parts.length != PARTS) {
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
