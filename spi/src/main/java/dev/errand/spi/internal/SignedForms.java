package dev.errand.spi.internal;

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
 * Signs and checks the forms and links of embedded object stores, so that all of them agree
 * (contract H5).
 *
 * <p>A policy is readable text, signed with HMAC-SHA256 under one key; nothing is kept between
 * signing and checking, so forms outlive a restart that keeps the key. Immutable and thread-safe.
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

    /** Signs under a key of at least 16 characters, and tells expiry by the clock. */
    public static SignedForms of(Secret signingKey, Clock clock) {
        if (signingKey.reveal().length() < 16) {
            throw new IllegalArgumentException("signingKey must have at least 16 characters");
        }
        return new SignedForms(signingKey, clock);
    }

    /**
     * Makes the form that {@link #check} accepts.
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
     * The policy that the fields prove; empty if they were altered, are not ours, or their time is
     * over.
     */
    public Optional<UploadPolicy> check(Map<String, String> fields) {
        String encoded = fields.getOrDefault(POLICY, "");
        if (!matches(policySignature(encoded), fields.getOrDefault(SIGNATURE, ""))) {
            return Optional.empty();
        }
        // We wrote what follows: no one else could sign it.
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
     * Makes a link to {@code base/key} that {@link #checkLink} accepts until {@code expiresAt}.
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
     * Whether a link's parameters are ours, unaltered, and its time is not over.
     *
     * @param key the key, decoded from the path
     * @param expires the link's {@code expires} parameter, {@code ""} if it has none
     * @param signature the link's {@code signature} parameter, {@code ""} if it has none
     */
    public boolean checkLink(String key, String expires, String signature) {
        return ObjectKeys.isWellFormed(key)
                && matches(linkSignature(key, expires), signature)
                && clock.instant().isBefore(Instant.parse(expires));
    }

    /** Begins unlike a link's, so that neither signature serves for the other. */
    private String policySignature(String encoded) {
        return hmac(String.join("\n", UPLOAD, encoded));
    }

    /**
     * Unambiguous, since a well-formed key has no line break: three lines can be read in one way
     * only.
     */
    private String linkSignature(String key, String expires) {
        return hmac(String.join("\n", DOWNLOAD, key, expires));
    }

    /**
     * Refuses what could not be signed: a line break would let one text be read as two keys, and
     * half a surrogate pair is the same as a question mark to the signature.
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
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new IllegalStateException("HmacSHA256 is not available", everyPlatformHasIt);
        }
    }

    private static boolean matches(String expected, String given) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
