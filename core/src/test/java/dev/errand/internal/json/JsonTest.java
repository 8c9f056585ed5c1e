package dev.errand.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.spi.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1e400",
                "1.10",
                "123456789012345678901234567890",
                "-0",
                "-0.0",
                "1E+2",
                "1e-7",
                "0.10000000000000000000000000001",
                "{\"a\":1.0}",
                "[1,1.0,1e0]"
            })
    void numbersAreNotRewritten(String json) {
        assertThat(parsed(json)).isEqualTo(JsonText.of(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{ \"a\" : [ 1 , 2 ] }; {\"a\":[1,2]}",
                "~ \n\t [ ] \r ~; []",
                "{\"a b\": \" c \"}; {\"a b\":\" c \"}",
                "null ; null",
                "\"\\u00e9\\/\\u0041\"; \"\u00e9/A\"",
                "\"\\ud83d\\ude00\"; \"\ud83d\ude00\""
            })
    void whitespaceBetweenTokensAndUnneededEscapesAreRemoved(String json, String copied) {
        assertThat(parsed(json)).isEqualTo(JsonText.of(copied));
    }

    /**
     * Agents may truncate texts within a surrogate pair. Databases and clients must be able to read
     * them.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"cut \\ud83d\"",
                "\"\\ude00 rest\"",
                "[\"\\ud83d\",\"\\ude00\"]",
                "{\"a\":\"\\\\\\udc00\"}"
            })
    void aLoneSurrogateRemainsEscaped(String json) {
        JsonText copied = parsed(json);
        assertThat(copied.text()).isEqualToIgnoringCase(json);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(copied.text())).isTrue();
        assertThat(tree(copied.text())).isEqualTo(tree(json));
    }

    @Test
    void duplicateMembersAreKept() {
        assertThat(parsed("{\"b\":1,\"a\":2,\"b\":3}"))
                .isEqualTo(JsonText.of("{\"b\":1,\"a\":2,\"b\":3}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}}",
                "{} {}",
                "1 2",
                "nul",
                "'a'",
                "{\"a\"}",
                "[1,]",
                "\"\u0001\"",
                "NaN",
                "\"\ud83d\"",
                "{\"\\ud83d\":1}"
            })
    void onlyASingleJsonValueIsAccepted(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(InvalidJsonException.class);
    }

    @Test
    void nestingDepthIsLimited() {
        String deepest = "[".repeat(100) + "]".repeat(100);

        assertThat(parsed(deepest)).isEqualTo(JsonText.of(deepest));
        assertThatThrownBy(() -> Json.parse("[" + deepest + "]"))
                .isInstanceOfSatisfying(
                        InvalidJsonException.class, limit -> assertThat(limit.isLimit()).isTrue())
                .hasMessage("JSON nesting is deeper than 100 levels.");
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(parsed("\ufeff{}")).isEqualTo(JsonText.of("{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "quo\"te",
                "back\\slash",
                "line\nfeed",
                "\u0000",
                "\u2028",
                "caf\u00e9",
                "\ud83d\ude00",
                "\ud83d",
                "</script>"
            })
    void aQuotedTextIsParsedUnchanged(String text) {
        JsonText quoted = Json.quote(text);
        assertThat(tree(quoted.text()).textValue()).isEqualTo(text);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(quoted.text())).isTrue();
        assertThat(quoted.text()).doesNotContain("\n");
        assertThat(Json.texts(Json.array(List.of("first", text)))).containsExactly("first", text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[]; ''",
                "[\"a\", \"b\"]; a b",
                "[\"a\", 1, null, {\"x\": \"y\"}, [\"z\"], true, \"b\"]; a b",
                "{\"a\": \"b\"}; ''",
                "\"a\"; ''",
                "null; ''",
                "[\"a\", ; ''",
                "not json; ''"
            })
    void textsContainsOnlyTheStringsOfAList(String json, String texts) {
        assertThat(Json.texts(JsonText.of(json)))
                .isEqualTo(texts.isEmpty() ? List.of() : List.of(texts.split(" ")));
    }

    @Test
    void nullIsTreatedAsAbsent() {
        Optional<JsonText> value = Optional.of(JsonText.of("[null]"));
        assertThat(Json.withoutNull(value)).isEqualTo(value);
        assertThat(Json.withoutNull(Optional.of(JsonText.NULL))).isEmpty();
    }

    private static JsonNode tree(String json) {
        try {
            return new JsonMapper().readTree(json);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(notJson);
        }
    }

    private static JsonText parsed(String json) {
        try {
            return Json.parse(json);
        } catch (InvalidJsonException invalid) {
            throw new AssertionError(invalid);
        }
    }
}
