package dev.errand.spi.internal.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.Secret;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedFormsTest {

    private static final Secret SIGNING_KEY = Secret.of("sixteen or more characters");
    private static final Instant NOW = Instant.parse("2026-05-07T09:29:58.120300Z");
    private static final Instant EXPIRY = NOW.plusSeconds(3_600);
    private static final URI URL = URI.create("https://errand.example/api/_objects");
    private static final String KEY = "tasks/artifacts/team_7/task_6f1c/staged/9f86/spec.pdf";
    private static final UploadPolicy POLICY = new UploadPolicy(KEY, 0, 69_632, EXPIRY);

    private final SignedForms forms = SignedForms.of(SIGNING_KEY, at(NOW));

    @Test
    void aFormContainsItsPolicy() {
        UploadForm form = forms.sign(URL, POLICY);

        assertThat(form.url()).isEqualTo(URL);
        assertThat(form.fields()).containsOnlyKeys("key", "policy", "signature");
        assertThat(forms.check(form.fields())).contains(POLICY);
    }

    @Test
    void noStateIsKeptBetweenSigningAndChecking() {
        Map<String, String> fields = forms.sign(URL, POLICY).fields();

        assertThat(SignedForms.of(SIGNING_KEY, at(NOW)).check(fields)).contains(POLICY);
    }

    @Test
    void additionalFieldsAreIgnored() {
        assertThat(forms.check(with(forms.sign(URL, POLICY).fields(), "x-other", "y")))
                .contains(POLICY);
    }

    @Test
    void aFormIsValidUntilItsExactExpiry() {
        Map<String, String> fields = forms.sign(URL, POLICY).fields();

        assertThat(SignedForms.of(SIGNING_KEY, at(EXPIRY.minusNanos(1))).check(fields))
                .contains(POLICY);
        assertThat(SignedForms.of(SIGNING_KEY, at(EXPIRY)).check(fields)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "policy", "signature"})
    void anAlteredCharacterIsRejected(String field) {
        Map<String, String> fields = forms.sign(URL, POLICY).fields();
        String value = fields.get(field);

        for (int index = 0; index < value.length(); index++) {
            char other = value.charAt(index) == 'A' ? 'B' : 'A';
            String altered = value.substring(0, index) + other + value.substring(index + 1);
            assertThat(forms.check(with(fields, field, altered))).as(altered).isEmpty();
        }
        assertThat(forms.check(with(fields, field, ""))).isEmpty();
        assertThat(forms.check(with(fields, field, value + "\n"))).isEmpty();
        assertThat(forms.check(with(fields, field, value + "="))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "policy", "signature"})
    void aMissingFieldIsRejected(String field) {
        Map<String, String> fields = new LinkedHashMap<>(forms.sign(URL, POLICY).fields());
        fields.remove(field);

        assertThat(forms.check(fields)).isEmpty();
    }

    @Test
    void fieldsOfTwoFormsCannotBeMixed() {
        String otherKey = KEY.replace("team_7", "team_8");
        UploadPolicy otherPolicy = new UploadPolicy(otherKey, 0, 10, EXPIRY);
        Map<String, String> fields = forms.sign(URL, POLICY).fields();
        Map<String, String> others = forms.sign(URL, otherPolicy).fields();

        for (String field : fields.keySet()) {
            assertThat(forms.check(with(fields, field, others.get(field)))).as(field).isEmpty();
            assertThat(forms.check(with(others, field, fields.get(field)))).as(field).isEmpty();
        }
    }

    @Test
    void aFormOfAnotherSigningKeyIsRejected() {
        SignedForms others = SignedForms.of(Secret.of("another key of 16 or more"), at(NOW));

        assertThat(forms.check(others.sign(URL, POLICY).fields())).isEmpty();
        assertThat(checkLink(forms, others.signLink(URL, KEY, EXPIRY))).isFalse();
    }

    @Test
    void aLinkIsValidUntilItsExactExpiry() {
        URI link = forms.signLink(URL, KEY, EXPIRY);

        assertThat(link.toString()).startsWith(URL + "/" + KEY + "?expires=");
        assertThat(checkLink(forms, link)).isTrue();
        assertThat(checkLink(SignedForms.of(SIGNING_KEY, at(EXPIRY.minusNanos(1))), link)).isTrue();
        assertThat(checkLink(SignedForms.of(SIGNING_KEY, at(EXPIRY)), link)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"100% + ä.pdf", "a&b=c;d#e?f", "%2F..%2F", "\uD83D\uDE80 ~*'()!", "a+b"})
    void aLinkCanContainEveryValidName(String name) {
        String key = "team_7/" + name;
        URI link = forms.signLink(URI.create(URL + "/"), key, Instant.MAX);

        assertThat(link.getPath()).isEqualTo(URI.create(URL + "/").getPath() + key);
        assertThat(forms.checkLink(key, parameter(link, "expires"), parameter(link, "signature")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1793491200", "never", "9999-12-31T00:00:00Z", "\n"})
    void anAlteredExpiryIsRejected(String expires) {
        URI link = forms.signLink(URL, KEY, EXPIRY);

        assertThat(forms.checkLink(KEY, expires, parameter(link, "signature"))).isFalse();
    }

    @Test
    void anAlteredKeyOrSignatureOfALinkIsRejected() {
        URI link = forms.signLink(URL, KEY, EXPIRY);
        String expires = parameter(link, "expires");
        String signature = parameter(link, "signature");

        assertThat(forms.checkLink(KEY + "x", expires, signature)).isFalse();
        assertThat(forms.checkLink(KEY, expires, signature + "A")).isFalse();
        assertThat(forms.checkLink(KEY, expires, "")).isFalse();
    }

    /** The signed text of a link must not be accepted as a policy. */
    @Test
    void theSignatureOfALinkIsNoSignatureOfAForm() {
        URI link = forms.signLink(URL, KEY, EXPIRY);
        String text = "errand-download-1\n" + KEY + "\n" + parameter(link, "expires");

        assertThat(
                        forms.check(
                                Map.of(
                                        "key", KEY,
                                        "policy", text,
                                        "signature", parameter(link, "signature"))))
                .isEmpty();
    }

    /** A line break in the expiry must not be taken for one in the key. */
    @Test
    void theSignedTextOfALinkIsUnambiguous() {
        URI link = forms.signLink(URL, KEY, EXPIRY);
        String shifted = "spec.pdf\n" + parameter(link, "expires");

        assertThat(forms.checkLink("tasks", shifted, parameter(link, "signature"))).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> forms.signLink(URL, "tasks\nspec.pdf", EXPIRY));
    }

    /** Both are encoded as the same byte. */
    @Test
    void anUnpairedSurrogateIsNotTreatedAsAQuestionMark() {
        URI link = forms.signLink(URL, "team_7/?", EXPIRY);

        assertThat(
                        forms.checkLink(
                                "team_7/\uD83D",
                                parameter(link, "expires"),
                                parameter(link, "signature")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "team_7/../a", "/team_7/a", "team_7/a\n0", "team_7/\uD83D"})
    void aKeyThatIsNotWellFormedIsRejected(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> forms.sign(URL, new UploadPolicy(key, 0, 1, EXPIRY)));
        assertThatIllegalArgumentException().isThrownBy(() -> forms.signLink(URL, key, EXPIRY));
    }

    @Test
    void aShortSigningKeyIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignedForms.of(Secret.of("15 characters.."), at(NOW)))
                .withMessageContaining("signingKey");
    }

    private static boolean checkLink(SignedForms forms, URI link) {
        String key = link.getPath().substring(URL.getPath().length() + 1);
        return forms.checkLink(key, parameter(link, "expires"), parameter(link, "signature"));
    }

    private static String parameter(URI link, String name) {
        for (String pair : link.getQuery().split("&")) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        throw new AssertionError(link + " has no " + name);
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        Map<String, String> altered = new LinkedHashMap<>(fields);
        altered.put(name, value);
        return altered;
    }

    private static Clock at(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }
}
