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
 * A JSON object in a directory file and its path. Anything unexpected is an {@link
 * InvalidEntryException} that names the path and never contains the value.
 *
 * @param path the path in the file, such as {@code tokens[0]}; empty for the root
 * @param node the object
 */
record DirectoryEntry(String path, JsonNode node) {

    /** Part of the file is invalid. */
    static final class InvalidEntryException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidEntryException(String path, String problem) {
            super(path + ": " + problem);
        }
    }

    /** Returns an entry for a value that must be an object without members other than these. */
    static DirectoryEntry of(String path, JsonNode node, String... members)
            throws InvalidEntryException {
        String location = path.isEmpty() ? "the file" : path;
        if (!node.isObject()) {
            throw new InvalidEntryException(location, "must be an object");
        }
        TreeSet<String> unknown = new TreeSet<>();
        node.fieldNames().forEachRemaining(unknown::add);
        Arrays.asList(members).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            String first = path.isEmpty() ? unknown.first() : path + "." + unknown.first();
            throw new InvalidEntryException(
                    first, "unknown member; allowed are " + String.join(", ", members));
        }
        return new DirectoryEntry(path, node);
    }

    String at(String member) {
        return path.isEmpty() ? member : path + "." + member;
    }

    boolean has(String member) {
        return node.hasNonNull(member);
    }

    long number(String member) throws InvalidEntryException {
        return number(at(member), required(member));
    }

    Optional<Long> optionalNumber(String member) throws InvalidEntryException {
        return has(member) ? Optional.of(number(member)) : Optional.empty();
    }

    String text(String member) throws InvalidEntryException {
        return text(at(member), required(member));
    }

    Optional<String> optionalText(String member) throws InvalidEntryException {
        return has(member) ? Optional.of(text(member)) : Optional.empty();
    }

    UUID uuid(String member) throws InvalidEntryException {
        return UuidText.parse(text(member))
                .orElseThrow(
                        () -> new InvalidEntryException(at(member), "must be a UUID with hyphens"));
    }

    Optional<Boolean> optionalBoolean(String member) throws InvalidEntryException {
        if (!has(member)) {
            return Optional.empty();
        }
        if (!node.get(member).isBoolean()) {
            throw new InvalidEntryException(at(member), "must be true or false");
        }
        return Optional.of(node.get(member).booleanValue());
    }

    Optional<JsonText> optionalObject(String member) throws InvalidEntryException {
        if (!has(member)) {
            return Optional.empty();
        }
        if (!node.get(member).isObject()) {
            throw new InvalidEntryException(at(member), "must be an object");
        }
        return Optional.of(JsonText.of(node.get(member).toString()));
    }

    List<Long> numbers(String member) throws InvalidEntryException {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode item : list(member)) {
            numbers.add(number(at(member) + "[" + numbers.size() + "]", item));
        }
        return numbers;
    }

    List<String> texts(String member) throws InvalidEntryException {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : list(member)) {
            texts.add(text(at(member) + "[" + texts.size() + "]", item));
        }
        return texts;
    }

    /** Returns an enum constant by its wire value. */
    <T extends WireValue> Optional<T> optionalChoice(
            String member, Function<String, Optional<T>> parse, T[] choices)
            throws InvalidEntryException {
        return has(member)
                ? Optional.of(choice(at(member), text(member), parse, choices))
                : Optional.empty();
    }

    /** Returns the enum constants of a list of wire values. */
    <T extends WireValue> Set<T> choices(
            String member, Function<String, Optional<T>> parse, T[] choices)
            throws InvalidEntryException {
        Set<T> found = new LinkedHashSet<>();
        for (String text : texts(member)) {
            found.add(choice(at(member), text, parse, choices));
        }
        return found;
    }

    /** Returns a required array, which may be empty. */
    JsonNode list(String member) throws InvalidEntryException {
        JsonNode value = required(member);
        if (!value.isArray()) {
            throw new InvalidEntryException(at(member), "must be an array");
        }
        return value;
    }

    private JsonNode required(String member) throws InvalidEntryException {
        if (!has(member)) {
            throw new InvalidEntryException(at(member), "is missing");
        }
        return node.get(member);
    }

    private static long number(String path, JsonNode value) throws InvalidEntryException {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new InvalidEntryException(path, "must be an integer of 0 or more");
        }
        return value.longValue();
    }

    private static <T extends WireValue> T choice(
            String path, String text, Function<String, Optional<T>> parse, T[] choices)
            throws InvalidEntryException {
        Optional<T> found = parse.apply(text);
        if (found.isEmpty()) {
            String wires =
                    Arrays.stream(choices).map(WireValue::wire).collect(Collectors.joining(", "));
            throw new InvalidEntryException(path, "must be one of " + wires);
        }
        return found.get();
    }

    private static String text(String path, JsonNode value) throws InvalidEntryException {
        if (!value.isTextual()) {
            throw new InvalidEntryException(path, "must be a string");
        }
        return value.textValue();
    }
}
