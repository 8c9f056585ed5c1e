package dev.errand.spi.internal.forms;

import dev.errand.spi.Secret;
import dev.errand.spi.artifact.DownloadPolicy;
import dev.errand.spi.artifact.ObjectKeys;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and verifies upload forms and download links of local object stores
 * (docs/wire/artifacts.md#h5).
 *
 * <p>A policy is plain text with an HMAC-SHA256 signature. No state is kept between signing and
 * verifying, so forms stay valid after a restart with the same key. Immutable and thread-safe.
 */
public final class SignedForms {

    private static final String KEY = "key";
    private static final String POLICY = "policy";
    private static final String SIGNATURE = "signature";
    private static final String UPLOAD = "errand-upload-1";
    private static final String DOWNLOAD = "errand-download-1";

    /** Separates the parts of a link, which are in Base64. */
    private static final String SEPARATOR = ".";

    private final SecretKeySpec signingKey;
    private final Clock clock;

    private SignedForms(Secret signingKey, Clock clock) {
        this.signingKey =
                new SecretKeySpec(
                        signingKey.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        this.clock = clock;
    }

    /**
     * Returns an instance for a signing key. The clock decides whether forms and links have
     * expired.
     *
     * @throws IllegalArgumentException if the key has fewer than 16 characters
     */
    public static SignedForms of(Secret signingKey, Clock clock) {
        if (signingKey.reveal().length() < 16) {
            throw new IllegalArgumentException("signingKey must have at least 16 characters");
        }
        return new SignedForms(signingKey, clock);
    }

    /**
     * Creates the form that {@link #check} accepts.
     *
     * @throws IllegalArgumentException if the policy's key is not {@linkplain
     *     ObjectKeys#isWellFormed well formed}
     */
    public UploadForm sign(URI url, UploadPolicy policy) {
        String text =
                String.join(
                        "\n",
                        requireWellFormed(policy.key()),
                        Long.toString(policy.minSizeInBytes()),
                        Long.toString(policy.maxSizeInBytes()),
                        policy.expiresAt().toString());
        String encoded = encoded(text);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(KEY, policy.key());
        fields.put(POLICY, encoded);
        fields.put(SIGNATURE, policySignature(encoded));
        return new UploadForm(url, fields);
    }

    /**
     * Returns the policy that the fields contain. Empty if the fields were altered or not signed
     * with this key, or if the policy has expired.
     */
    public Optional<UploadPolicy> check(Map<String, String> fields) {
        String encoded = fields.getOrDefault(POLICY, "");
        if (!matches(policySignature(encoded), fields.getOrDefault(SIGNATURE, ""))) {
            return Optional.empty();
        }
        // The signature is valid, so the text has the format that sign() wrote.
        String[] lines = decoded(encoded).split("\n", -1);
        UploadPolicy policy =
                new UploadPolicy(
                        lines[0],
                        Long.parseLong(lines[1]),
                        Long.parseLong(lines[2]),
                        Instant.parse(lines[3]));
        boolean valid =
                policy.key().equals(fields.get(KEY))
                        && clock.instant().isBefore(policy.expiresAt());
        return valid ? Optional.of(policy) : Optional.empty();
    }

    /**
     * Creates a link that {@link #checkLink} accepts until the policy expires.
     *
     * <p>The policy and the signature are the last path segment, in characters that need no escape:
     * firewalls and proxies reject or rewrite paths with escaped percent signs, semicolons or
     * slashes, which the names of files may contain.
     *
     * @throws IllegalArgumentException if the policy's key is not {@linkplain
     *     ObjectKeys#isWellFormed well formed}
     */
    public URI signLink(URI base, DownloadPolicy policy) {
        String text =
                Stream.of(
                                requireWellFormed(policy.key()),
                                policy.fileName(),
                                policy.contentType(),
                                policy.expiresAt().toString())
                        .map(SignedForms::encoded)
                        .collect(Collectors.joining(SEPARATOR));
        String separator = base.toString().endsWith("/") ? "" : "/";
        return URI.create(base + separator + text + SEPARATOR + linkSignature(text));
    }

    /**
     * Returns the policy that the last path segment of a link contains. Empty if the segment was
     * altered or not signed with this key, or if the policy has expired.
     */
    public Optional<DownloadPolicy> checkLink(String token) {
        int end = Math.max(0, token.lastIndexOf(SEPARATOR));
        String text = token.substring(0, end);
        if (!matches(linkSignature(text), token.substring(Math.min(end + 1, token.length())))) {
            return Optional.empty();
        }
        // The signature is valid, so the text has the format that signLink() wrote.
        String[] parts = text.split("\\.", -1);
        DownloadPolicy policy =
                new DownloadPolicy(
                        decoded(parts[0]),
                        decoded(parts[1]),
                        decoded(parts[2]),
                        Instant.parse(decoded(parts[3])));
        return Optional.of(policy).filter(it -> clock.instant().isBefore(it.expiresAt()));
    }

    /** Signs a policy. Links have another prefix, so neither signature is valid for the other. */
    private String policySignature(String encoded) {
        return hmac(String.join("\n", UPLOAD, encoded));
    }

    private String linkSignature(String text) {
        return hmac(String.join("\n", DOWNLOAD, text));
    }

    /**
     * Rejects keys that cannot be signed safely. A line break would make the signed text ambiguous,
     * and an unpaired surrogate is encoded like a question mark.
     */
    private static String requireWellFormed(String key) {
        if (!ObjectKeys.isWellFormed(key)) {
            throw new IllegalArgumentException("key is not well formed");
        }
        return key;
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String text) {
        return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    }

    private String hmac(String text) {
        try {
            Mac mac = Mac.getInstance(signingKey.getAlgorithm());
            mac.init(signingKey);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            // Every Java platform has HmacSHA256.
            throw new IllegalStateException("HmacSHA256 is not available", e);
        }
    }

    private static boolean matches(String expected, String given) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
