package dev.errand.spi.internal.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.Secret;
import dev.errand.spi.artifact.DownloadPolicy;
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
    private static final DownloadPolicy DOWNLOAD =
            new DownloadPolicy(KEY, "spec.pdf", "application/pdf", EXPIRY);
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
        assertThat(forms.checkLink(token(others.signLink(URL, DOWNLOAD)))).isEmpty();
    }

    @Test
    void aLinkIsValidUntilItsExactExpiry() {
        URI link = forms.signLink(URL, DOWNLOAD);

        assertThat(link.toString()).startsWith(URL + "/");
        assertThat(forms.checkLink(token(link))).contains(DOWNLOAD);
        assertThat(SignedForms.of(SIGNING_KEY, at(EXPIRY.minusNanos(1))).checkLink(token(link)))
                .contains(DOWNLOAD);
        assertThat(SignedForms.of(SIGNING_KEY, at(EXPIRY)).checkLink(token(link))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "100% + ä.pdf",
                "a&b=c;d#e?f",
                "%2F..%2F",
                "\uD83D\uDE80 ~*'()!",
                "a+b",
                "",
                ".",
                "a\nb"
            })
    void aLinkCanContainEveryNameAndType(String text) {
        DownloadPolicy policy = new DownloadPolicy("team_7/a%;b", text, text, Instant.MAX);
        URI link = forms.signLink(URI.create(URL + "/"), policy);

        assertThat(token(link)).matches("[A-Za-z0-9._-]+");
        assertThat(forms.checkLink(token(link))).contains(policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "....", "a", "a.b.c.d.e"})
    void aTextThatIsNotALinkIsRejected(String token) {
        assertThat(forms.checkLink(token)).isEmpty();
    }

    @Test
    void anAlteredCharacterOfALinkIsRejected() {
        String token = token(forms.signLink(URL, DOWNLOAD));

        for (int index = 0; index < token.length(); index++) {
            char other = token.charAt(index) == 'A' ? 'B' : 'A';
            String altered = token.substring(0, index) + other + token.substring(index + 1);
            assertThat(forms.checkLink(altered)).as(altered).isEmpty();
        }
    }

    /** The signed text of a link must not be accepted as a policy, and the reverse. */
    @Test
    void signaturesOfLinksAndFormsDiffer() {
        String token = token(forms.signLink(URL, DOWNLOAD));
        int end = token.lastIndexOf('.');
        Map<String, String> fields = forms.sign(URL, POLICY).fields();

        assertThat(
                        forms.check(
                                Map.of(
                                        "key", KEY,
                                        "policy", token.substring(0, end),
                                        "signature", token.substring(end + 1))))
                .isEmpty();
        assertThat(forms.checkLink(fields.get("policy") + "." + fields.get("signature"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "team_7/../a", "/team_7/a", "team_7/a\n0", "team_7/\uD83D"})
    void aKeyThatIsNotWellFormedIsRejected(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> forms.sign(URL, new UploadPolicy(key, 0, 1, EXPIRY)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> forms.signLink(URL, new DownloadPolicy(key, "a", "", EXPIRY)));
    }

    @Test
    void aShortSigningKeyIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SignedForms.of(Secret.of("15 characters.."), at(NOW)))
                .withMessageContaining("signingKey");
    }

    private static String token(URI link) {
        return link.getRawPath().substring(URL.getPath().length() + 1);
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
