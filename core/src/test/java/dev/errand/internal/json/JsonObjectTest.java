package dev.errand.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {

    private static final JsonText ONE = JsonText.of("1");

    @Test
    void membersKeepTheirOrderAndTheirText() {
        JsonObject object = object("{ \"b\": 1.10, \"a\": { \"x\": [ 1e400 ] }, \"c\": null }");
        assertThat(object.members().keySet()).containsExactly("b", "a", "c");
        assertThat(object.toJson())
                .isEqualTo(JsonText.of("{\"b\":1.10,\"a\":{\"x\":[1e400]},\"c\":null}"));
    }

    @Test
    void theLastOfDuplicateMembersWins() {
        assertThat(object("{\"a\":1,\"b\":2,\"a\":3}").toJson().text())
                .isEqualTo("{\"a\":3,\"b\":2}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"a\":1}; {\"b\":2}; {\"a\":1,\"b\":2}",
                "{\"a\":1,\"b\":2}; {\"a\":3}; {\"a\":3,\"b\":2}",
                "{\"a\":{\"x\":1}}; {\"a\":{\"y\":2}}; {\"a\":{\"y\":2}}",
                "{\"a\":1}; {\"a\":null}; {\"a\":null}",
                "{\"a\":1}; {}; {\"a\":1}",
                "{}; {\"a\":1}; {\"a\":1}"
            })
    void mergingIsShallow(String under, String over, String merged) {
        assertThat(object(under).with(object(over).members()).toJson().text()).isEqualTo(merged);
    }

    @Test
    void withoutRemovesOnlyTheNamedMembers() {
        JsonObject object = object("{\"a\":1,\"b\":2,\"c\":3}");
        assertThat(object.without(Set.of("a", "c", "none")).toJson().text()).isEqualTo("{\"b\":2}");
        assertThat(object.members()).hasSize(3);
    }

    @Test
    void everyNameIsPreserved() {
        Map<String, JsonText> members = new LinkedHashMap<>();
        for (String name :
                new String[] {"", " ", "quo\"te", "back\\slash", "\n", "\u0000", "\ud83d\ude00"}) {
            members.put(name, ONE);
        }
        JsonObject object = JsonObject.of(members);
        assertThat(object(object.toJson().text()).members()).isEqualTo(members);
    }

    @Test
    void onlyAStringMemberHasAText() {
        JsonObject object =
                object(
                        "{\"s\":\"a\\u00e9\\n\",\"n\":5,\"o\":{},\"l\":[],\"b\":true,\"z\":null,\"e\":\"\"}");
        assertThat(object.text("s")).hasValue("a\u00e9\n");
        assertThat(object.text("e")).hasValue("");
        for (String other : new String[] {"n", "o", "l", "b", "z", "none"}) {
            assertThat(object.text(other)).as(other).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "5",
                "\"{}\"",
                "true",
                "null",
                "{",
                "{\"a\"",
                "{\"a\":}",
                "nothing",
                "{\"\\ud83d\":1}"
            })
    void onlyAnObjectIsParsed(String text) {
        assertThat(JsonObject.tryParse(JsonText.of(text))).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> object(text));
    }

    @Test
    void anObjectIsImmutable() {
        Map<String, JsonText> members = new LinkedHashMap<>(Map.of("a", ONE));
        JsonObject object = JsonObject.of(members);
        members.clear();
        assertThat(object.member("a")).hasValue(ONE);
        for (JsonObject any :
                new JsonObject[] {
                    object,
                    JsonObject.empty(),
                    object.without(Set.of()),
                    object.with(Map.of()),
                    object("{}")
                }) {
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> any.members().put("b", ONE));
        }
    }

    private static JsonObject object(String text) {
        return JsonObject.parse(JsonText.of(text));
    }

    @Test
    void textsAreReadFromAnObjectWithSpacesAfterCommasAndColons() {
        JsonText spaced =
                JsonText.of("{\"n\": [1, \"m\"], \"m\": \"a\\\\\", \"o\": {\"m\": \"b\"}}");

        assertThat(JsonObject.texts(spaced, List.of("m", "n", "o")))
                .containsExactly("a\\", null, null);
    }
}
