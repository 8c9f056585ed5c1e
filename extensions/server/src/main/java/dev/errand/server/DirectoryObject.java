package dev.errand.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import dev.errand.spi.internal.UuidText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One JSON object of a directory file and where it stands, read strictly: what is not as it should
 * be is an {@link Invalid} that names its path and never shows its value.
 *
 * @param path where it stands, {@code tokens[0]}; empty for the file as a whole
 * @param node the object
 */
record DirectoryObject(String path, JsonNode node) {

    /** Something is not as it should be. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String path, String problem) {
            super(path + ": " + problem);
        }
    }

    /** Takes a value that is an object with no members but these. */
    static DirectoryObject of(String path, JsonNode node, String... members) throws Invalid {
        String place = path.isEmpty() ? "the file" : path;
        if (!node.isObject()) {
            throw new Invalid(place, "must be an object");
        }
        TreeSet<String> unknown = new TreeSet<>();
        node.fieldNames().forEachRemaining(unknown::add);
        Arrays.asList(members).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            String first = path.isEmpty() ? unknown.first() : path + "." + unknown.first();
            throw new Invalid(
                    first, "unknown; there may be " + String.join(", ", members) + ", no more");
        }
        return new DirectoryObject(path, node);
    }

    String at(String member) {
        return path.isEmpty() ? member : path + "." + member;
    }

    boolean has(String member) {
        return node.hasNonNull(member);
    }

    long number(String member) throws Invalid {
        return number(at(member), required(member));
    }

    Optional<Long> optionalNumber(String member) throws Invalid {
        return has(member) ? Optional.of(number(member)) : Optional.empty();
    }

    String text(String member) throws Invalid {
        return text(at(member), required(member));
    }

    Optional<String> optionalText(String member) throws Invalid {
        return has(member) ? Optional.of(text(member)) : Optional.empty();
    }

    UUID uuid(String member) throws Invalid {
        return UuidText.parse(text(member))
                .orElseThrow(() -> new Invalid(at(member), "must be a UUID with hyphens"));
    }

    Optional<Boolean> optionalBoolean(String member) throws Invalid {
        if (!has(member)) {
            return Optional.empty();
        }
        if (!node.get(member).isBoolean()) {
            throw new Invalid(at(member), "must be true or false");
        }
        return Optional.of(node.get(member).booleanValue());
    }

    Optional<JsonText> optionalObject(String member) throws Invalid {
        if (!has(member)) {
            return Optional.empty();
        }
        if (!node.get(member).isObject()) {
            throw new Invalid(at(member), "must be an object");
        }
        return Optional.of(JsonText.of(node.get(member).toString()));
    }

    List<Long> numbers(String member) throws Invalid {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode item : list(member)) {
            numbers.add(number(at(member) + "[" + numbers.size() + "]", item));
        }
        return numbers;
    }

    List<String> texts(String member) throws Invalid {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(member)) {
            texts.add(text(at(member) + "[" + texts.size() + "]", item));
        }
        return texts;
    }

    /** One of an enum's wire values. */
    <T extends WireValue> Optional<T> optionalChoice(
            String member, Function<String, Optional<T>> parse, T[] choices) throws Invalid {
        return has(member)
                ? Optional.of(choice(at(member), text(member), parse, choices))
                : Optional.empty();
    }

    /** Different ones of an enum's wire values. */
    <T extends WireValue> Set<T> choices(
            String member, Function<String, Optional<T>> parse, T[] choices) throws Invalid {
        Set<T> found = new LinkedHashSet<>();
        for (String text : texts(member)) {
            found.add(choice(at(member), text, parse, choices));
        }
        return found;
    }

    /** A list that must be there, in any length. */
    JsonNode list(String member) throws Invalid {
        JsonNode value = required(member);
        if (!value.isArray()) {
            throw new Invalid(at(member), "must be a list");
        }
        return value;
    }

    private JsonNode required(String member) throws Invalid {
        if (!has(member)) {
            throw new Invalid(at(member), "is missing");
        }
        return node.get(member);
    }

    private static long number(String path, JsonNode value) throws Invalid {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new Invalid(path, "must be a whole number of 0 or more");
        }
        return value.longValue();
    }

    private static <T extends WireValue> T choice(
            String path, String text, Function<String, Optional<T>> parse, T[] choices)
            throws Invalid {
        Optional<T> found = parse.apply(text);
        if (found.isEmpty()) {
            String wires =
                    Arrays.stream(choices).map(WireValue::wire).collect(Collectors.joining(", "));
            throw new Invalid(path, "must be one of " + wires);
        }
        return found.get();
    }

    private static String text(String path, JsonNode value) throws Invalid {
        if (!value.isTextual()) {
            throw new Invalid(path, "must be a text");
        }
        return value.textValue();
    }
}
