package dev.errand.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.ConnectionClaims;
import dev.errand.spi.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** docs/wire/runs.md#i10 */
class RsaConnectionTokensTest {

    private static final RsaSigningKey KEY = RsaSigningKey.generate();
    private static final Instant NOW = Instant.parse("2026-05-07T09:30:00Z");
    private static final RunId RUN = RunId.of(new UUID(1, 2));
    private static final TaskId TASK = TaskId.of(new UUID(3, 4));

    private static ConnectionClaims claims(Optional<UserId> user, Optional<String> distinctId) {
        return new ConnectionClaims(
                RUN, TASK, ProjectId.of(7), user, distinctId, ExecutionMode.INTERACTIVE);
    }

    @Test
    void theTokenHasTheClaimsThatAgentsExpect() throws Exception {
        Secret token =
                RsaConnectionTokens.of(KEY)
                        .issue(claims(Optional.of(UserId.of(5)), Optional.of("d-5")), NOW);

        SignedJWT jwt = SignedJWT.parse(token.reveal());
        assertThat(jwt.getPayload().toJSONObject())
                .isEqualTo(
                        Map.of(
                                "aud",
                                "posthog:sandbox_connection",
                                "run_id",
                                RUN.toString(),
                                "task_id",
                                TASK.toString(),
                                "team_id",
                                7L,
                                "user_id",
                                5L,
                                "distinct_id",
                                "d-5",
                                "mode",
                                "interactive",
                                "iat",
                                NOW.getEpochSecond(),
                                "exp",
                                NOW.plus(Duration.ofHours(24)).getEpochSecond()));
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
    }

    @Test
    void withoutAUserTheNumberIsZero() throws Exception {
        Secret token =
                RsaConnectionTokens.of(KEY)
                        .withAudience("other")
                        .withLifetime(Duration.ofMinutes(5))
                        .issue(claims(Optional.empty(), Optional.empty()), NOW);

        Map<String, Object> payload = SignedJWT.parse(token.reveal()).getPayload().toJSONObject();
        assertThat(payload)
                .containsEntry("user_id", 0L)
                .containsEntry("distinct_id", "")
                .containsEntry("aud", "other")
                .containsEntry("exp", NOW.plusSeconds(300).getEpochSecond());
    }

    @Test
    void theExportedPublicKeysVerifyTheToken() throws Exception {
        String token =
                RsaConnectionTokens.of(KEY)
                        .issue(claims(Optional.empty(), Optional.empty()), NOW)
                        .reveal();

        JWKSet exported = JWKSet.parse(KEY.jwks());
        JWK key = exported.getKeyByKeyId(SignedJWT.parse(token).getHeader().getKeyID());
        assertThat(exported.containsNonPublicKeys()).isFalse();
        assertThat(SignedJWT.parse(token).verify(new RSASSAVerifier(key.toRSAKey()))).isTrue();

        String pem = KEY.publicPem().replaceAll("-----[A-Z ]+-----|\\n", "");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(
                KeyFactory.getInstance("RSA")
                        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem))));
        int end = token.lastIndexOf('.');
        signature.update(token.substring(0, end).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(token.substring(end + 1))))
                .isTrue();
    }

    @Test
    void aKeyIsReadFromItsOwnText() {
        RsaSigningKey read = RsaSigningKey.parse(KEY.privatePem());

        assertThat(read.publicPem()).isEqualTo(KEY.publicPem());
        for (String text :
                List.of(
                        "",
                        KEY.publicPem(),
                        KEY.privatePem().reveal().replace("PRIVATE", "RSA PRIVATE"),
                        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RsaSigningKey.parse(Secret.of(text + " ")))
                    .withMessageStartingWith("must contain");
        }
    }
}
