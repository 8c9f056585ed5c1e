package dev.errand.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.errand.spi.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An RSA key pair that signs tokens. Agent servers verify them with the public key. Immutable. */
public final class RsaSigningKey {

    private static final String ALGORITHM = "RSA";
    private static final int MIN_BITS = 2048;
    private static final int LINE_LENGTH = 64;
    private static final Pattern PKCS8 =
            Pattern.compile(
                    "\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

    private final RSAKey key;

    private RsaSigningKey(RSAKey key) {
        this.key = key;
    }

    /** Returns a new random key of 2048 bits. */
    public static RsaSigningKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(MIN_BITS);
            return of((RSAPrivateCrtKey) generator.generateKeyPair().getPrivate());
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }

    /**
     * Reads a key.
     *
     * @param pem the private key as PKCS#8 in PEM: {@code -----BEGIN PRIVATE KEY-----}
     * @throws IllegalArgumentException if it is not an RSA key in this form, or has fewer than 2048
     *     bits; the message does not contain the key
     */
    public static RsaSigningKey parse(Secret pem) {
        Matcher matcher = PKCS8.matcher(pem.reveal());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "must contain one private key as PKCS#8 in PEM, -----BEGIN PRIVATE KEY-----");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
            return of(
                    (RSAPrivateCrtKey)
                            KeyFactory.getInstance(ALGORITHM)
                                    .generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | ClassCastException notRsa) {
            throw new IllegalArgumentException("must contain an RSA key", notRsa);
        }
    }

    private static RsaSigningKey of(RSAPrivateCrtKey key) throws GeneralSecurityException {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_BITS) {
            throw new IllegalArgumentException(
                    "must contain an RSA key of at least " + MIN_BITS + " bits, not " + bits);
        }
        RSAPublicKey verifying =
                (RSAPublicKey)
                        KeyFactory.getInstance(ALGORITHM)
                                .generatePublic(
                                        new RSAPublicKeySpec(
                                                key.getModulus(), key.getPublicExponent()));
        try {
            return new RsaSigningKey(
                    new RSAKey.Builder(verifying)
                            .privateKey(key)
                            .keyUse(KeyUse.SIGNATURE)
                            .algorithm(JWSAlgorithm.RS256)
                            .keyIDFromThumbprint()
                            .build());
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the private key as PKCS#8 in PEM, which {@link #parse} reads. */
    public Secret privatePem() {
        try {
            return Secret.of(pem("PRIVATE KEY", key.toRSAPrivateKey().getEncoded()));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the public key in PEM, as agent servers take it. */
    public String publicPem() {
        try {
            return pem("PUBLIC KEY", key.toRSAPublicKey().getEncoded());
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns a JSON Web Key Set with the public key. */
    public String jwks() {
        return new JWKSet(key).toString(true);
    }

    RSAKey key() {
        return key;
    }

    private static String pem(String type, byte[] encoded) {
        Base64.Encoder lines =
                Base64.getMimeEncoder(LINE_LENGTH, "\n".getBytes(StandardCharsets.US_ASCII));
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(type, lines.encodeToString(encoded));
    }
}
