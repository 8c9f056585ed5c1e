package dev.errand.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.spi.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** JSON that Errand does not interpret keeps its meaning. */
class JsonProperties {

    /** Distinguishes 1.10 from 1.1, so that rewritten numbers are detected. */
    private static final JsonMapper EXACT =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aCopyHasTheSameMeaning(@ForAll("json") String text) {
        assertThat(tree(copy(text))).isEqualTo(tree(text));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void copyingIsIdempotent(@ForAll("json") String text) {
        String once = copy(text);
        assertThat(copy(once)).isEqualTo(once);
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aCopyIsOneLineThatUtf8CanEncode(@ForAll("json") String text) {
        String copy = copy(text);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(copy)).isTrue();
        assertThat(copy).doesNotContain("\n", "\r", "\t");
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void aParsedObjectHasTheSameMeaning(@ForAll("objects") String text) {
        JsonObject split = JsonObject.parse(JsonText.of(copy(text)));
        assertThat(tree(split.toJson().text())).isEqualTo(tree(text));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void mergingReplacesMembersAndKeepsTheOthers(
            @ForAll("objects") String base, @ForAll("objects") String update) {
        Map<String, JsonText> members = JsonObject.parse(JsonText.of(update)).members();
        JsonObject merged = JsonObject.parse(JsonText.of(base)).with(members);
        assertThat(merged.members()).containsAllEntriesOf(members);
        assertThat(merged.without(members.keySet()).members())
                .isEqualTo(JsonObject.parse(JsonText.of(base)).without(members.keySet()).members());
        assertThat(merged.with(members).toJson()).isEqualTo(merged.toJson());
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void exactlyTheNamedMembersAreRemoved(
            @ForAll("objects") String text, @ForAll("names") Set<String> names) {
        JsonObject object = JsonObject.parse(JsonText.of(text));
        JsonObject rest = object.without(names);
        assertThat(rest.members().keySet()).noneMatch(names::contains);
        assertThat(object.members()).containsAllEntriesOf(rest.members());
        assertThat(object.members().size() - rest.members().size())
                .isEqualTo(names.stream().filter(object.members()::containsKey).count());
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void textsOfMembersAreThoseOfTheParsedObject(@ForAll("json") String text) {
        JsonText json = JsonText.of(copy(text));
        List<String> names = List.of("mode", "", "a", "caf\u00e9", "\ud83d\ude00", "absent");
        Optional<JsonObject> parsed = JsonObject.tryParse(json);

        @Nullable String[] texts = JsonObject.texts(json, names);

        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            assertThat(Optional.ofNullable(texts[i]))
                    .as(name)
                    .isEqualTo(parsed.flatMap(object -> object.text(name)));
        }
    }

    private static String copy(String text) {
        try {
            return Json.parse(text).text();
        } catch (InvalidJsonException invalid) {
            throw new AssertionError(invalid);
        }
    }

    private static JsonNode tree(String text) {
        try {
            return EXACT.readTree(text);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(text, notJson);
        }
    }

    @Provide
    Arbitrary<String> json() {
        return value(3);
    }

    @Provide
    Arbitrary<String> objects() {
        return object(2);
    }

    /** Only a few names, so that objects often contain them. */
    @Provide
    Arbitrary<Set<String>> names() {
        return Arbitraries.of("", "a", "b", "mode", "caf\u00e9", "\ud83d\ude00").set().ofMaxSize(3);
    }

    private static Arbitrary<String> value(int depth) {
        Arbitrary<String> flat =
                Arbitraries.oneOf(
                        Arbitraries.of("true", "false", "null", "\"\"", "[]", "{}"),
                        numbers(),
                        strings());
        return depth == 0 ? flat : Arbitraries.oneOf(flat, list(depth), object(depth));
    }

    private static Arbitrary<String> list(int depth) {
        return Combinators.combine(
                        Arbitraries.lazy(() -> value(depth - 1)).list().ofMaxSize(3), space())
                .as((items, space) -> "[" + space + String.join(space + "," + space, items) + "]");
    }

    private static Arbitrary<String> object(int depth) {
        Arbitrary<String> names =
                Arbitraries.of(
                        "\"\"",
                        "\"a\"",
                        "\"b\"",
                        "\"mode\"",
                        "\"caf\u00e9\"",
                        "\"\\u0061\"",
                        "\"\\ud83d\\ude00\"");
        Arbitrary<String> member =
                Combinators.combine(names, space(), Arbitraries.lazy(() -> value(depth - 1)))
                        .as((name, space, value) -> name + space + ":" + space + value);
        return Combinators.combine(member.list().ofMaxSize(4), space())
                .as((members, space) -> space + "{" + String.join("," + space, members) + "}");
    }

    private static Arbitrary<String> space() {
        return Arbitraries.of("", " ", "\n", "\t ", " \r\n");
    }

    private static Arbitrary<String> numbers() {
        Arbitrary<String> whole =
                Arbitraries.strings()
                        .numeric()
                        .ofMinLength(1)
                        .ofMaxLength(40)
                        .map(JsonProperties::withoutZeros);
        return Combinators.combine(
                        Arbitraries.of("", "-"),
                        whole,
                        Arbitraries.of("", ".0", ".10", ".000000000000000000000000001"),
                        Arbitraries.of("", "e0", "E+5", "e-30", "e400"))
                .as((sign, digits, fraction, exponent) -> sign + digits + fraction + exponent);
    }

    private static String withoutZeros(String digits) {
        String rest = digits.replaceFirst("^0+", "");
        return rest.isEmpty() ? "0" : rest;
    }

    private static Arbitrary<String> strings() {
        Arbitrary<String> piece =
                Arbitraries.oneOf(
                        Arbitraries.of(
                                List.of(
                                        "\\\"",
                                        "\\\\",
                                        "\\/",
                                        "\\b",
                                        "\\n",
                                        "\\u0000",
                                        "\\u001f",
                                        "\\u00E9",
                                        "\\ud83d\\ude00",
                                        "\\ud83d",
                                        "\\ude00",
                                        "\ud83d\ude00",
                                        "\u2028",
                                        "\u007f")),
                        Arbitraries.strings().withCharRange('a', 'z').ofMaxLength(5));
        return piece.list().ofMaxSize(5).map(pieces -> "\"" + String.join("", pieces) + "\"");
    }
}
