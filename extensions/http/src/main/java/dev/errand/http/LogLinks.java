package dev.errand.http;

import dev.errand.config.LinkProvider;
import dev.errand.spi.Secret;
import dev.errand.spi.run.Run;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signed links to the logs of runs, which the servlet serves without credentials
 * (docs/wire/runs.md#a3, {@code log_url}).
 *
 * <p>Pass the same instance to the engine, which creates the links, and to the servlet, which
 * serves them. A link is valid for {@link #LOG_LINK_VALID_FOR}, and the same link is returned for
 * {@link #LOG_LINK_REUSED_FOR}. The periods are counted from the creation of the run, so that
 * nothing is stored and all nodes with the same key return the same link. Immutable, thread-safe.
 */
public final class LogLinks implements LinkProvider {

    /** The first path segment of every link. */
    static final String PATH = "_logs";

    private static final String PURPOSE = "errand-log-1";
    private static final int MIN_KEY_LENGTH = 16;

    private final String base;
    private final SecretKeySpec key;
    private final Clock clock;

    private LogLinks(URI publicUrl, Secret signingKey, Clock clock) {
        this.base = PublicUrl.of(publicUrl) + "/" + PATH + '/';
        this.key =
                new SecretKeySpec(
                        signingKey.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Creates log links.
     *
     * @param publicUrl the absolute public URL of the servlet, as in {@link
     *     ErrandServlet.Builder#publicUrl}
     * @param signingKey signs the links; at least 16 characters, the same on every node
     * @param clock determines when links expire
     * @throws IllegalArgumentException if the URL is not an absolute HTTP URL, or has a query or
     *     fragment, or if the key is too short
     */
    public static LogLinks of(URI publicUrl, Secret signingKey, Clock clock) {
        if (signingKey.reveal().length() < MIN_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "signingKey must have at least " + MIN_KEY_LENGTH + " characters");
        }
        return new LogLinks(publicUrl, signingKey, clock);
    }

    @Override
    public Optional<URI> logUrl(Run run) {
        String log = run.project() + "/" + run.task() + '/' + run.id();
        String expires = Long.toString(expiryFor(run));
        return Optional.of(
                URI.create(
                        base + log + "?expires=" + expires + "&signature=" + sign(log, expires)));
    }

    /**
     * Whether a link has a valid signature and is not expired.
     *
     * @param log project, task and run, separated by slashes
     */
    boolean accepts(String log, String expires, String signature) {
        boolean isSigned =
                MessageDigest.isEqual(
                        sign(log, expires).getBytes(StandardCharsets.UTF_8),
                        signature.getBytes(StandardCharsets.UTF_8));
        // Only this class signs, so expires is a number if the signature is valid.
        return isSigned && clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(expires)));
    }

    private long expiryFor(Run run) {
        long created = run.createdAt().getEpochSecond();
        long reused = LOG_LINK_REUSED_FOR.toSeconds();
        long age = Math.max(0, clock.instant().getEpochSecond() - created);
        return created + age / reused * reused + LOG_LINK_VALID_FOR.toSeconds();
    }

    private String sign(String log, String expires) {
        try {
            Mac mac = Mac.getInstance(key.getAlgorithm());
            mac.init(key);
            String text = String.join("\n", PURPOSE, log, expires);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missingOnThisPlatform) {
            throw new IllegalStateException("HmacSHA256 is not available", missingOnThisPlatform);
        }
    }
}
