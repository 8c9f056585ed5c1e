package dev.errand.spi.internal.forms;

import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectKeys;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
        String encoded =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
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
        String text = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
        String[] lines = text.split("\n", -1);
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
     * Creates a link to {@code base/key} that {@link #checkLink} accepts until {@code expiresAt}.
     *
     * @throws IllegalArgumentException if the key is not {@linkplain ObjectKeys#isWellFormed well
     *     formed}
     */
    public URI signLink(URI base, String key, Instant expiresAt) {
        String expires = expiresAt.toString();
        String signature = linkSignature(requireWellFormed(key), expires);
        String path = percentEncoded(key).replace("%2F", "/");
        String separator = base.toString().endsWith("/") ? "" : "/";
        String query = "?expires=" + percentEncoded(expires) + "&signature=" + signature;
        return URI.create(base + separator + path + query);
    }

    /**
     * Whether the parameters of a link are unaltered and the link has not expired.
     *
     * @param key the key, decoded from the path
     * @param expires the link's {@code expires} parameter, {@code ""} if absent
     * @param signature the link's {@code signature} parameter, {@code ""} if absent
     */
    public boolean checkLink(String key, String expires, String signature) {
        return ObjectKeys.isWellFormed(key)
                && matches(linkSignature(key, expires), signature)
                && clock.instant().isBefore(Instant.parse(expires));
    }

    /** Signs a policy. Links have another prefix, so neither signature is valid for the other. */
    private String policySignature(String encoded) {
        return hmac(String.join("\n", UPLOAD, encoded));
    }

    /** A well-formed key has no line break, so the three lines are unambiguous. */
    private String linkSignature(String key, String expires) {
        return hmac(String.join("\n", DOWNLOAD, key, expires));
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

    private static String percentEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
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
