package dev.errand.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.errand.error.ErrorCode;
import dev.errand.spi.WireValue;
import dev.errand.spi.internal.UuidText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How the wire reads one type of value (contract 0): from the parser's current token, which is
 * never null, to a value, or to a problem at {@code attr} and Java null. The parser ends on the
 * value's last token.
 */
interface ValueType {

    Object read(JsonParser parser, String attr, Problems problems) throws IOException;

    /**
     * Text: numbers are taken as they are written, white space around is dropped; what characters
     * it may have is a {@linkplain Check#CHARACTERS check}.
     */
    ValueType TEXT =
            (parser, attr, problems) -> {
                JsonToken token = parser.currentToken();
                if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
                    parser.skipChildren();
                    problems.add(ErrorCode.INVALID_INPUT, attr, "Not a valid string.");
                    return null;
                }
                return Text.trim(parser.getText());
            };

    /** A whole number, or a string that holds one. */
    ValueType INTEGER =
            (parser, attr, problems) -> {
                JsonToken token = parser.currentToken();
                if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING) {
                    Optional<Long> number = Numbers.parse(parser.getText());
                    if (number.isPresent()) {
                        return number.get();
                    }
                }
                parser.skipChildren();
                problems.add(ErrorCode.INVALID_INPUT, attr, "A valid integer is required.");
                return null;
            };

    /** A truth value in any of its spellings. */
    ValueType BOOLEAN =
            (parser, attr, problems) -> {
                Optional<Boolean> value = Booleans.parse(parser);
                if (value.isEmpty()) {
                    parser.skipChildren();
                    problems.add(ErrorCode.INVALID_INPUT, attr, "Must be a valid boolean.");
                    return null;
                }
                return value.get();
            };

    /** A UUID, hyphenated or not. */
    ValueType UUID_TEXT =
            (parser, attr, problems) -> {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    Optional<UUID> id = UuidText.parseLenient(Text.trim(parser.getText()));
                    if (id.isPresent()) {
                        return id.get();
                    }
                }
                parser.skipChildren();
                problems.add(ErrorCode.INVALID_INPUT, attr, "Must be a valid UUID.");
                return null;
            };

    /** Any JSON value, carried as it is. */
    ValueType JSON = (parser, attr, problems) -> Json.copy(parser);

    /** A JSON object, carried as it is. */
    ValueType JSON_OBJECT =
            (parser, attr, problems) -> {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    String type = Tokens.typeName(parser.currentToken());
                    parser.skipChildren();
                    problems.add(Check.notAnObject(attr, type));
                    return null;
                }
                return Json.copy(parser);
            };

    /** One of an enum's wire values, exactly. */
    static ValueType choice(Map<String, ? extends WireValue> choices) {
        return (parser, attr, problems) -> {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                WireValue constant = choices.get(parser.getText());
                if (constant != null) {
                    return constant;
                }
            }
            problems.add(
                    ErrorCode.INVALID_CHOICE,
                    attr,
                    "\"" + Tokens.shown(parser) + "\" is not a valid choice.");
            return null;
        };
    }

    /** A list, whose items' problems stand at {@code attr__index} (contract C4). */
    static ValueType list(ValueType item, List<Check> itemChecks) {
        return (parser, attr, problems) -> {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                String type = Tokens.typeName(parser.currentToken());
                parser.skipChildren();
                problems.add(
                        ErrorCode.NOT_A_LIST,
                        attr,
                        "Expected a list of items but got type \"" + type + "\".");
                return null;
            }
            List<Object> items = new ArrayList<>();
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                String position = attr + "__" + i;
                Object value = null;
                if (parser.currentToken() == JsonToken.VALUE_NULL) {
                    problems.add(ErrorCode.NULL, position);
                } else {
                    value = item.read(parser, position, problems);
                }
                if (value != null) {
                    Check.all(itemChecks, value, position, problems);
                    items.add(value);
                }
            }
            return List.copyOf(items);
        };
    }

    /** Whole numbers as texts. */
    final class Numbers {
        private static final int MAX_DIGITS = 1_000;

        private Numbers() {}

        /**
         * The number; one that no long holds becomes the nearest that does, for the range check to
         * refuse.
         */
        static Optional<Long> parse(String given) {
            String text = Text.trim(given);
            int start = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
            if (text.length() == start || text.length() > MAX_DIGITS) {
                return Optional.empty();
            }
            for (int i = start; i < text.length(); i++) {
                if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                    return Optional.empty();
                }
            }
            try {
                return Optional.of(Long.parseLong(text));
            } catch (NumberFormatException tooLong) {
                return Optional.of(text.charAt(0) == '-' ? Long.MIN_VALUE : Long.MAX_VALUE);
            }
        }
    }

    /** Truth values in the spellings of the wire. */
    final class Booleans {
        private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "on", "1");
        private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "off", "0");

        private Booleans() {}

        private static Optional<Boolean> parse(JsonParser parser) throws IOException {
            return switch (parser.currentToken()) {
                case VALUE_TRUE -> Optional.of(true);
                case VALUE_FALSE -> Optional.of(false);
                case VALUE_NUMBER_INT, VALUE_STRING -> parse(parser.getText());
                default -> Optional.empty();
            };
        }

        static Optional<Boolean> parse(String given) {
            String lower = Text.trim(given).toLowerCase(Locale.ROOT);
            if (TRUE.contains(lower)) {
                return Optional.of(true);
            }
            return FALSE.contains(lower) ? Optional.of(false) : Optional.empty();
        }
    }
}
