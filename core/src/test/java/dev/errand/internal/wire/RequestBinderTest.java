package dev.errand.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.spi.JsonText;
import dev.errand.task.CreateTaskRequest;
import dev.errand.wire.ErrorBody;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Malformed and empty bodies, and bodies of another type or encoding
 * (docs/wire/conventions.md#conventions, docs/wire/errors.md#c3).
 */
class RequestBinderTest {

    /** Contained in every malformed body and in no error, because a body may contain secrets. */
    private static final String MARKER = "ghp_Marker";

    private record Malformed(String name, byte[] body) {

        static Malformed of(String name, String body) {
            return new Malformed(name, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private record BeyondLimit(String name, String limit, byte[] body) {

        static BeyondLimit of(String name, String limit, String body) {
            return new BeyondLimit(name, limit, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static final String UNEXPECTED =
            "JSON parse error - Unexpected content(: line \\d+ column \\d+)?";

    private static final String DIGITS = "7".repeat(1_500);

    // spotless:off
    private static final List<Malformed> MALFORMED = List.of(
            Malformed.of("cut inside a name",                   "{\"ghp_Marker"),
            Malformed.of("cut after a name",                    "{\"ghp_Marker\""),
            Malformed.of("cut after a colon",                   "{\"ghp_Marker\":"),
            Malformed.of("cut inside a text",                   "{\"github_user_token\": \"ghp_Marker"),
            Malformed.of("cut inside an escape",                "{\"github_user_token\": \"ghp_Marker\\u00"),
            Malformed.of("cut after a member",                  "{\"github_user_token\": \"ghp_Marker\""),
            Malformed.of("cut after a comma",                   "{\"github_user_token\": \"ghp_Marker\","),
            Malformed.of("cut inside a number",                 "{\"ghp_Marker\": -"),
            Malformed.of("cut inside a word",                   "{\"ghp_Marker\": tru"),
            Malformed.of("cut inside a skipped member",         "{\"ghp_Marker\": [{\"a\": [1, 2"),
            Malformed.of("cut inside a list",                   "{\"pending_user_artifact_ids\": [\"ghp_Marker\""),
            Malformed.of("cut inside an invalid member",        "{\"mode\": {\"ghp_Marker\": 1"),
            Malformed.of("cut inside a list of bodies",         "[\"ghp_Marker\""),
            Malformed.of("cut inside a text body",              "\"ghp_Marker"),
            Malformed.of("a second value",                      "{\"github_user_token\": \"ghp_Marker\"} {}"),
            Malformed.of("a second value without space",        "{\"github_user_token\": \"ghp_Marker\"}{}"),
            Malformed.of("a number after the body",             "{\"github_user_token\": \"ghp_Marker\"} 5"),
            Malformed.of("a word after the body",               "{} ghp_Marker"),
            Malformed.of("a closing brace after the body",      "{\"github_user_token\": \"ghp_Marker\"}}"),
            Malformed.of("a comma after the body",              "{\"github_user_token\": \"ghp_Marker\"},"),
            Malformed.of("a value after a text",                "\"ghp_Marker\" {}"),
            Malformed.of("a value after a list",                "[\"ghp_Marker\"] []"),
            Malformed.of("a value after an invalid one",        "{\"mode\": \"ghp_Marker\"} {}"),
            Malformed.of("a bare word",                         "ghp_Marker"),
            Malformed.of("an unknown literal",                  "{\"model\": ghp_Marker}"),
            Malformed.of("a name without quotes",               "{ghp_Marker: 1}"),
            Malformed.of("single quotes",                       "{'ghp_Marker': 1}"),
            Malformed.of("a comment",                           "{/* ghp_Marker */}"),
            Malformed.of("a trailing comma",                    "{\"ghp_Marker\": 1,}"),
            Malformed.of("a missing comma",                     "{\"ghp_Marker\": 1 \"a\": 2}"),
            Malformed.of("a missing colon",                     "{\"ghp_Marker\" 1}"),
            Malformed.of("mismatched brackets",                 "{\"ghp_Marker\": [1}"),
            Malformed.of("a leading zero",                      "{\"ghp_Marker\": 012}"),
            Malformed.of("a leading plus",                      "{\"ghp_Marker\": +1}"),
            Malformed.of("a point without digits",              "{\"ghp_Marker\": 1.}"),
            Malformed.of("a hexadecimal number",                "{\"ghp_Marker\": 0x1}"),
            Malformed.of("not a number",                        "{\"ghp_Marker\": NaN}"),
            Malformed.of("infinity",                            "{\"ghp_Marker\": Infinity}"),
            Malformed.of("a line feed inside a text",           "{\"model\": \"ghp_Marker\n\"}"),
            Malformed.of("an unknown escape",                   "{\"model\": \"ghp_Marker\\x\"}"),
            Malformed.of("a NUL between tokens",                "{\"model\": \"ghp_Marker\"\u0000}"));

    private static final List<BeyondLimit> BEYOND_LIMITS = List.of(
            BeyondLimit.of("a very long number",               "A JSON number has more than 1000 digits.",              "{\"ghp_Marker\": " + DIGITS + "}"),
            BeyondLimit.of("a very long fraction",             "A JSON number has more than 1000 digits.",              "{\"ghp_Marker\": 0." + DIGITS + "}"),
            BeyondLimit.of("a very long number as text",       "A JSON number has more than 1000 digits.",              "{\"model\": " + DIGITS + ", \"a\": \"ghp_Marker\"}"),
            BeyondLimit.of("a very long integer",              "A JSON number has more than 1000 digits.",              "{\"github_integration\": " + DIGITS + ", \"a\": \"ghp_Marker\"}"),
            BeyondLimit.of("a very long name",                 "A JSON member name has more than 50000 characters.",    "{\"ghp_Marker" + "n".repeat(60_000) + "\": 1}"),
            BeyondLimit.of("lists nested too deeply",          "JSON nesting is deeper than 100 levels.",               "{\"ghp_Marker\": " + "[".repeat(100) + "]".repeat(100) + "}"),
            BeyondLimit.of("objects nested too deeply",        "JSON nesting is deeper than 100 levels.",               "{\"ghp_Marker\": ".repeat(101) + "1" + "}".repeat(101)),
            BeyondLimit.of("opaque JSON nested too deeply",    "JSON nesting is deeper than 100 levels.",               "{\"output\": " + "{\"ghp_Marker\":".repeat(100) + "1" + "}".repeat(100) + "}"),
            BeyondLimit.of("extremely deep nesting",           "JSON nesting is deeper than 100 levels.",               "[\"ghp_Marker\"," + "[".repeat(100_000)),
            new BeyondLimit("an invalid first byte",            "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0xff, "\"}")),
            new BeyondLimit("a lone continuation byte",         "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0x80, "\"}")),
            new BeyondLimit("a sequence cut by a quote",        "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0xe2, 0x82, "\"}")),
            new BeyondLimit("a sequence cut by the end",        "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0xf0, 0x9f)),
            new BeyondLimit("a broken byte in a name",          "The JSON is not encoded in UTF-8.",                     bytes("{\"ghp_Marker", 0xc3, 0x28, "\": 1}")),
            new BeyondLimit("a broken byte in a skipped member", "The JSON is not encoded in UTF-8.",                     bytes("{\"x\": \"ghp_Marker", 0xc3, 0x28, "\"}")),
            new BeyondLimit("a broken byte between tokens",     "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker\"", 0xa0, "}")),
            new BeyondLimit("an overlong form",                 "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0xc1, 0x81, "\"}")),
            new BeyondLimit("an overlong NUL",                  "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0xc0, 0x80, "\"}")),
            new BeyondLimit("an overlong quote",                "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0xc0, 0xa2, "}")),
            new BeyondLimit("an encoded surrogate",             "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0xed, 0xa0, 0x80, "\"}")),
            new BeyondLimit("an encoded surrogate pair",        "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, "\"}")),
            new BeyondLimit("a code point above U+10FFFF",      "The JSON is not encoded in UTF-8.",                     bytes("{\"ghp_Marker", 0xf4, 0x90, 0x80, 0x80, "\": 1}")),
            new BeyondLimit("a code point far above U+10FFFF",  "The JSON is not encoded in UTF-8.",                     bytes("{\"model\": \"ghp_Marker", 0xf7, 0xbf, 0xbf, 0xbf, "\"}")),
            new BeyondLimit("an invalid name inside opaque JSON", "The JSON is not encoded in UTF-8.",                     bytes("{\"output\": {\"ghp_Marker", 0xf5, 0x80, 0x80, 0x80, "\": 1}}")),
            new BeyondLimit("Latin-1",                          "The JSON is not encoded in UTF-8.",                     "{\"model\": \"ghp_Marker \u00e9\u00e8\"}".getBytes(StandardCharsets.ISO_8859_1)),
            BeyondLimit.of("half of a surrogate pair in a name", "A JSON member name has half of a surrogate pair.",        "{\"x\": {\"ghp_Marker\\udfff\": 1}}"),
            BeyondLimit.of("half of a pair in the body's name",   "A JSON member name has half of a surrogate pair.",        "{\"ghp_Marker\\ud83d\": 1}"));
    // spotless:on

    @TestFactory
    Stream<DynamicTest> aLimitIsNamed() {
        return BEYOND_LIMITS.stream()
                .map(
                        beyond ->
                                DynamicTest.dynamicTest(
                                        beyond.name(),
                                        () -> assertParseError(beyond.body(), beyond.limit())));
    }

    @TestFactory
    Stream<DynamicTest> aMalformedBodyIsAParseErrorWithoutItsContent() {
        return MALFORMED.stream()
                .map(
                        malformed ->
                                DynamicTest.dynamicTest(
                                        malformed.name(),
                                        () -> assertParseError(malformed.body(), UNEXPECTED)));
    }

    private static void assertParseError(byte[] body, String detail) throws Exception {
        InvalidRequestException refused =
                catchThrowableOfType(
                        InvalidRequestException.class,
                        () -> Requests.read(RunTaskRequest.class, body));
        assertThat(refused).isNotNull();
        assertThat(refused.violations()).hasSize(1);
        Violation violation = refused.first();
        assertThat(violation.code()).isEqualTo(ErrorCode.PARSE_ERROR);
        assertThat(violation.detail()).matches(detail);
        assertThat(violation.attr()).isEmpty();

        JsonNode answer = Requests.MAPPER.readTree(ErrorBody.of(refused).toJson());
        assertThat(answer.get("type").asText()).isEqualTo("invalid_request");
        assertThat(answer.get("code").asText()).isEqualTo("parse_error");
        assertThat(answer.get("attr").isNull()).isTrue();
        assertThat(answer.size()).isEqualTo(4);
        assertThat(ErrorBody.of(refused).status()).isEqualTo(400);

        StringWriter trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace, true));
        assertThat(trace.toString()).doesNotContain(MARKER).doesNotContain("7777777777");
    }

    @Test
    void logEntriesBeyondTheUsualLimitsAreKept() {
        List<String> entries =
                List.of(
                        "{\"n\":1}",
                        "{\"deep\":" + "[".repeat(900) + "]".repeat(900) + "}",
                        "{\"number\":" + DIGITS + "}",
                        "{\"" + "n".repeat(60_000) + "\":1}",
                        "{\"n\":2}");
        for (String start : List.of("", "\ufeff")) {
            AppendLogRequest request =
                    Requests.read(
                            AppendLogRequest.class,
                            start + "{\"entries\":[" + String.join(",", entries) + "]}");

            assertThat(request.entries()).extracting(JsonText::text).isEqualTo(entries);
        }
    }

    @Test
    void halfOfASurrogatePairInALogEntryIsReplaced() {
        AppendLogRequest request =
                Requests.read(
                        AppendLogRequest.class,
                        "{\"entries\":[{\"a\\udfff\":\"\\\\udfff \\ud83d\\ude00 \\ud83d\"}]}");

        assertThat(request.entries())
                .containsExactly(JsonText.of("{\"a\ufffd\":\"\\\\udfff \ud83d\ude00 \ufffd\"}"));
    }

    @Test
    void aLogHasLimitsToo() {
        byte[] deeper =
                ("{\"entries\":[" + "[".repeat(999) + "]".repeat(999) + "]}")
                        .getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Requests.read(AppendLogRequest.class, deeper))
                .hasMessageContaining("JSON nesting is deeper than 1000 levels.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t \r\n", "{}", " { } "})
    void anEmptyBodyIsAnObjectWithoutMembers(String body) {
        assertThat(Requests.read(RunTaskRequest.class, body))
                .isEqualTo(RunTaskRequest.builder().build());
    }

    @Test
    void anEmptyBodyLacksRequiredMembers() {
        InvalidRequestException refused =
                catchThrowableOfType(
                        InvalidRequestException.class,
                        () -> Requests.read(SetOutputRequest.class, new byte[0]));
        assertThat(refused.violations())
                .containsExactly(Violation.of(ErrorCode.REQUIRED, "output"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[]; list",
                "[{\"title\": \"t\"}]; list",
                "\"text\"; str",
                "\"\"; str",
                "5; int",
                "1.5; float",
                "1e2; float",
                "true; bool",
                "false; bool",
                "null; NoneType"
            })
    void aBodyThatIsNotAnObjectIsRejectedWithItsType(String body, String type) {
        InvalidRequestException refused =
                catchThrowableOfType(
                        InvalidRequestException.class,
                        () -> Requests.read(CreateTaskRequest.class, body));
        assertThat(refused.violations())
                .containsExactly(
                        Violation.ofRequest(
                                ErrorCode.INVALID_INPUT,
                                "Invalid data. Expected a dictionary, but got " + type + "."));
    }

    @Test
    void aByteOrderMarkIsIgnored() {
        assertThat(Requests.read(CreateTaskRequest.class, bytes(0xef, 0xbb, 0xbf, "{}")))
                .isEqualTo(CreateTaskRequest.builder().build());
        assertThat(Requests.read(CreateTaskRequest.class, bytes(0xef, 0xbb, 0xbf)))
                .isEqualTo(CreateTaskRequest.builder().build());
    }

    /**
     * Bodies are UTF-8 (docs/wire/conventions.md#conventions). Other encodings are not detected.
     */
    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void anotherEncodingIsMalformed(String charset) {
        byte[] body = "{\"title\": \"t\"}".getBytes(Charset.forName(charset));
        InvalidRequestException refused =
                catchThrowableOfType(
                        InvalidRequestException.class,
                        () -> Requests.read(CreateTaskRequest.class, body));
        assertThat(refused).isNotNull();
        assertThat(refused.first().code()).isEqualTo(ErrorCode.PARSE_ERROR);
    }

    @Test
    void aBodyOfTheMaximumDepthIsRead() {
        String deep = "[".repeat(99) + "]".repeat(99);
        assertThat(Requests.read(SetOutputRequest.class, "{\"output\":" + deep + "}").output())
                .isEqualTo(JsonText.of(deep));
        assertThat(Requests.read(RunTaskRequest.class, "{\"unknown\":" + deep + "}"))
                .isEqualTo(RunTaskRequest.builder().build());
    }

    @Test
    void aLongTextIsRead() {
        String prompt = "p".repeat(3_000_000);
        assertThat(
                        Requests.read(
                                        CreateTaskRequest.class,
                                        "{\"description\": \"" + prompt + "\"}")
                                .description())
                .hasValue(prompt);
    }

    /** Concatenates texts and single bytes. */
    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof Integer single) {
                bytes.write(single);
            } else {
                bytes.writeBytes(part.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
