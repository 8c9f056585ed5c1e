package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every download of an artifact has the name and content type of its manifest entry
 * (docs/wire/artifacts.md#h3, #h5, #i6).
 */
class DownloadTest {

    private static final String CONTENT = "na\u00efve\n";

    private static final Pattern DISPOSITION =
            Pattern.compile(
                    "attachment; filename=\"([ -~&&[^\"\\\\]]*)\"(?:; filename\\*=(\\S+))?");

    /** A value of RFC 8187 in UTF-8. */
    private static final Pattern EXTENDED =
            Pattern.compile("UTF-8''((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-F]{2})*)");

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    private String artifacts;

    @BeforeEach
    void newRun() {
        String task = Paths.newTask(rosa);
        artifacts = Paths.run(task, Paths.newRun(rosa, task));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "text/html",
                "text/xml",
                "text/markdown",
                "text/csv",
                "application/xhtml+xml",
                "application/json",
                "application/pdf",
                "image/svg+xml",
                "text/plain;charset=utf-8",
                "text/plain;charset=iso-8859-1",
                "text/markdown; charset=UTF-8; variant=GFM",
                "text/plain; format=flowed",
                "a/b~c'd*e|f%g`h"
            })
    void theContentTypeIsThatOfTheManifest(String contentType) {
        JsonNode artifact = upload("a.txt", contentType);

        assertThat(artifact.get("content_type").textValue()).isEqualTo(contentType);
        assertThat(downloads(artifact))
                .allSatisfy(
                        reply -> assertThat(reply.header("Content-Type")).isEqualTo(contentType));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pdf", "text/pl\u00e4in", "text/html\r\nX-Planted: 1", "a/b/c"})
    void anythingThatIsNotAMediaTypeIsServedAsBytes(String contentType) {
        assertThat(downloads(upload("a.txt", contentType)))
                .allSatisfy(
                        reply -> {
                            assertThat(reply.header("Content-Type"))
                                    .isEqualTo("application/octet-stream");
                            assertThat(reply.header("X-Planted")).isEmpty();
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    report.md               | attachment; filename="report.md"
                    a;b=c, d.txt            | attachment; filename="a;b=c, d.txt"
                    100%41.txt              | attachment; filename="100%41.txt"; filename*=UTF-8''100%2541.txt
                    a "b".txt               | attachment; filename="a _b_.txt"; filename*=UTF-8''a%20%22b%22.txt
                    \u00dcbung*.txt        | attachment; filename="_bung*.txt"; filename*=UTF-8''%C3%9Cbung%2A.txt
                    """)
    void theHeaderHasTheFormOfItsStandard(String name, String expected) {
        assertThat(downloads(upload(name, "text/plain")))
                .allSatisfy(
                        reply ->
                                assertThat(reply.header("Content-Disposition"))
                                        .isEqualTo(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "report.md",
                "100% sure; \"really\".txt",
                "%2e%2e%2f",
                "a'b(c)*d~e.txt",
                "\u00dcbung \u8a08 \uD83D\uDE80.pdf",
                "; filename=x",
                ".env",
                "...",
                "a\u2028b"
            })
    void theFileHasTheNameOfTheManifest(String name) {
        JsonNode artifact = upload(name, "text/plain");

        assertThat(artifact.get("name").textValue()).isEqualTo(name);
        assertThat(downloads(artifact))
                .allSatisfy(reply -> assertThat(nameIn(reply)).isEqualTo(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nb.txt",
                "x/a\u202eb.txt",
                "x\\ab.txt\u200f",
                "\u2066ab.txt\u2069",
                "a\u061cb\u200e.txt"
            })
    void controlCharactersAreNotInAnyName(String name) {
        JsonNode artifact = upload(name, "text/plain");

        assertThat(artifact.get("name").textValue()).isEqualTo("ab.txt");
        assertThat(downloads(artifact))
                .allSatisfy(reply -> assertThat(nameIn(reply)).isEqualTo("ab.txt"));
    }

    @Test
    void everyDownloadHasTheContent() {
        assertThat(downloads(upload("a.txt", "text/plain")))
                .allSatisfy(
                        reply -> {
                            assertThat(reply.bytes())
                                    .isEqualTo(CONTENT.getBytes(StandardCharsets.UTF_8));
                            assertThat(reply.header("Content-Length")).isEqualTo("7");
                        });
    }

    /** Spring Security, for example, rejects an escaped percent sign and a semicolon in a path. */
    @Test
    void aLinkSurvivesStrictFirewalls() {
        String link = presigned(upload("100%;a//b\\c \u00e4.txt", "text/plain"));

        assertThat(link.substring(host.url().toString().length())).matches("[A-Za-z0-9._/-]+");
    }

    private JsonNode upload(String name, String contentType) {
        ObjectNode item =
                Reply.JSON
                        .createObjectNode()
                        .put("name", name)
                        .put("type", "output")
                        .put("content", CONTENT)
                        .put("content_type", contentType);
        JsonNode manifest =
                rosa.post(artifacts + "artifacts/", "{\"artifacts\": [" + item + "]}")
                        .isJson(200)
                        .json()
                        .get("artifacts");
        return manifest.get(manifest.size() - 1);
    }

    /** Downloads an artifact through the operation and through a signed link. */
    private List<Reply> downloads(JsonNode artifact) {
        Reply direct = rosa.post(artifacts + "artifacts/download/", path(artifact));
        return List.of(direct, rosa.as(null).get(presigned(artifact)));
    }

    private String presigned(JsonNode artifact) {
        return rosa.post(artifacts + "artifacts/presign/", path(artifact))
                .isJson(200)
                .json()
                .get("url")
                .textValue();
    }

    private static String path(JsonNode artifact) {
        return "{\"storage_path\": " + artifact.get("storage_path") + "}";
    }

    /** Returns the name that a client reads, which prefers the extended one (RFC 6266). */
    private static String nameIn(Reply reply) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        Matcher header = DISPOSITION.matcher(reply.header("Content-Disposition"));
        assertThat(header.matches()).as(reply.header("Content-Disposition")).isTrue();
        Optional<String> extended = Optional.ofNullable(header.group(2));
        if (extended.isEmpty()) {
            return header.group(1);
        }
        Matcher value = EXTENDED.matcher(extended.get());
        assertThat(value.matches()).as(extended.get()).isTrue();
        return PercentEncoding.decode(value.group(1)).orElseThrow();
    }
}
