package dev.errand.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.errand.spi.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
     * Returns those of the named members that are strings, by name, without parsing the others to
     * values; empty if the value is not an object.
     */
    public static Map<String, String> texts(JsonText object, Set<String> names) {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser parser = Json.FACTORY.createParser(object.text())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Map.of();
            }
            String name;
            while ((name = parser.nextFieldName()) != null) {
                JsonToken token = parser.nextToken();
                if (names.contains(name)) {
                    if (token == JsonToken.VALUE_STRING) {
                        texts.put(name, parser.getText());
                    } else {
                        texts.remove(name);
                    }
                }
                parser.skipChildren();
            }
            return texts;
        } catch (IOException notJson) {
            return Map.of();
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
        String quoted = value.text();
        if (quoted.indexOf('\\') < 0) {
            return Optional.of(quoted.substring(1, quoted.length() - 1));
        }
        try (JsonParser parser = Json.FACTORY.createParser(quoted)) {
            parser.nextToken();
            return Optional.of(parser.getText());
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
