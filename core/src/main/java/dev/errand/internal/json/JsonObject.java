package dev.errand.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.errand.spi.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose member values stay opaque; supports shallow merging (docs/wire/runs.md#f,
 * #i2). Immutable. Members keep their order; of two members with the same name the last is used.
 */
public final class JsonObject {

    private static final int EXPECTED_LENGTH = 128;

    private final Map<String, JsonText> members;

    private JsonObject(Map<String, JsonText> members) {
        this.members = members;
    }

    /** Returns an object without members. */
    public static JsonObject empty() {
        return new JsonObject(Map.of());
    }

    /** Returns an object with these members. */
    public static JsonObject of(Map<String, JsonText> members) {
        return new JsonObject(Collections.unmodifiableMap(new LinkedHashMap<>(members)));
    }

    /**
     * Parses an object.
     *
     * @throws IllegalArgumentException if the value is not a JSON object
     */
    public static JsonObject parse(JsonText object) {
        return tryParse(object)
                .orElseThrow(() -> new IllegalArgumentException("not a JSON object"));
    }

    /** Parses an object; empty if the text is not one. */
    public static Optional<JsonObject> tryParse(JsonText object) {
        Map<String, JsonText> members = new LinkedHashMap<>();
        try (JsonParser parser = Json.FACTORY.createParser(object.text())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            String name;
            while ((name = parser.nextFieldName()) != null) {
                parser.nextToken();
                members.put(name, Json.copy(parser));
            }
            return Optional.of(new JsonObject(Collections.unmodifiableMap(members)));
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /**
     * Returns the texts of the named members, in the order of the names. The text of a member that
     * is absent or not a string is null. Other members are skipped.
     *
     * @param object a JSON value; if it is not an object, it has no members
     */
    public static @Nullable String[] texts(JsonText object, List<String> names) {
        @Nullable String[] texts = new @Nullable String[names.size()];
        try (JsonParser parser = Json.FACTORY.createParser(object.text())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return texts;
            }
            String name;
            while ((name = parser.nextFieldName()) != null) {
                JsonToken value = parser.nextToken();
                int index = names.indexOf(name);
                if (index >= 0) {
                    texts[index] = value == JsonToken.VALUE_STRING ? parser.getText() : null;
                }
                parser.skipChildren();
            }
            return texts;
        } catch (IOException notJson) {
            return texts;
        }
    }

    /**
     * Merges {@code reported} into {@code current} if both are objects; otherwise returns {@code
     * reported} (docs/wire/runs.md#i2).
     */
    public static JsonText merge(Optional<JsonText> current, JsonText reported) {
        if (current.isEmpty() || !current.get().isObject() || !reported.isObject()) {
            return reported;
        }
        return tryParse(current.get())
                .map(under -> under.with(parse(reported).members()).toJson())
                .orElse(reported);
    }

    /** The members, in order. */
    public Map<String, JsonText> members() {
        return members;
    }

    /** The member with this name. */
    public Optional<JsonText> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /** The member with this name, if it is a string. */
    public Optional<String> text(String name) {
        JsonText value = members.get(name);
        if (value == null || value.text().charAt(0) != '"') {
            return Optional.empty();
        }
        return Optional.of(unquote(value.text()));
    }

    /** Returns the text of a JSON string. */
    private static String unquote(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return quoted.substring(1, quoted.length() - 1);
        }
        try (JsonParser parser = Json.FACTORY.createParser(quoted)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Returns a copy without the named members. */
    public JsonObject without(Set<String> names) {
        Map<String, JsonText> rest = new LinkedHashMap<>(members);
        rest.keySet().removeAll(names);
        return new JsonObject(Collections.unmodifiableMap(rest));
    }

    /** Returns a copy with members added or replaced: a shallow merge. */
    public JsonObject with(Map<String, JsonText> over) {
        Map<String, JsonText> merged = new LinkedHashMap<>(members);
        merged.putAll(over);
        return new JsonObject(Collections.unmodifiableMap(merged));
    }

    /** Returns the object as JSON text. */
    public JsonText toJson() {
        StringBuilder out = new StringBuilder(EXPECTED_LENGTH).append('{');
        for (Map.Entry<String, JsonText> member : members.entrySet()) {
            if (out.length() > 1) {
                out.append(',');
            }
            out.append(Json.quote(member.getKey()).text());
            out.append(':').append(member.getValue().text());
        }
        return new JsonText(out.append('}').toString());
    }
}
