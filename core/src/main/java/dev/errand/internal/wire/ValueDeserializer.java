package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import dev.errand.error.ErrorCode;
import dev.errand.internal.json.Json;
import dev.errand.internal.json.Text;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import dev.errand.spi.internal.UuidText;
import dev.errand.spi.task.ReportRelationship;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one type of value with the coercions of the wire (docs/wire/conventions.md#conventions). A
 * value that cannot be read is reported, and null is returned in its place.
 */
abstract class ValueDeserializer<T> extends StdDeserializer<T> {

    private static final long serialVersionUID = 1L;

    ValueDeserializer(Class<?> type) {
        super(type);
    }

    /** Reports a JSON null: no value may be null. */
    @Override
    public @Nullable T getNullValue(DeserializationContext context) {
        BindingProblems.report(context, ErrorCode.NULL, ErrorCode.NULL.detail());
        return null;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        return null;
    }

    /** Skips the current value and reports it. */
    static <T> @Nullable T reject(
            JsonParser parser, DeserializationContext context, ErrorCode code, String detail)
            throws IOException {
        parser.skipChildren();
        BindingProblems.report(context, code, detail);
        return null;
    }

    /** Text. Numbers are taken as they are written. */
    static final class OfText extends ValueDeserializer<String> {
        private static final long serialVersionUID = 1L;

        OfText() {
            super(String.class);
        }

        @Override
        public @Nullable String deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            JsonToken token = parser.currentToken();
            return token == JsonToken.VALUE_STRING || token.isNumeric()
                    ? parser.getText()
                    : reject(parser, context, ErrorCode.INVALID_INPUT, "Not a valid string.");
        }
    }

    /**
     * A whole number, or a string that holds one. A number beyond the range of long becomes the
     * nearest long, which a range constraint then rejects.
     */
    static final class OfInteger extends ValueDeserializer<Long> {
        private static final long serialVersionUID = 1L;
        private static final int MAX_DIGITS = 1_000;

        OfInteger() {
            super(Long.class);
        }

        @Override
        public @Nullable Long deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            JsonToken token = parser.currentToken();
            Long number =
                    token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING
                            ? parse(Text.trim(parser.getText()))
                            : null;
            return number == null
                    ? reject(
                            parser,
                            context,
                            ErrorCode.INVALID_INPUT,
                            "A valid integer is required.")
                    : number;
        }

        private static @Nullable Long parse(String text) {
            int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
            if (text.length() == start || text.length() > MAX_DIGITS) {
                return null;
            }
            for (int i = start; i < text.length(); i++) {
                if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                    return null;
                }
            }
            try {
                return Long.valueOf(text);
            } catch (NumberFormatException beyondLong) {
                return text.charAt(0) == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
        }
    }

    /** A boolean in any of its spellings. */
    static final class OfBoolean extends ValueDeserializer<Boolean> {
        private static final long serialVersionUID = 1L;
        private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "on", "1");
        private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "off", "0");

        OfBoolean() {
            super(Boolean.class);
        }

        @Override
        public @Nullable Boolean deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            JsonToken token = parser.currentToken();
            if (token.isBoolean()
                    || token == JsonToken.VALUE_NUMBER_INT
                    || token == JsonToken.VALUE_STRING) {
                String spelling = Text.trim(parser.getText()).toLowerCase(Locale.ROOT);
                if (TRUE.contains(spelling)) {
                    return true;
                }
                if (FALSE.contains(spelling)) {
                    return false;
                }
            }
            return reject(parser, context, ErrorCode.INVALID_INPUT, "Must be a valid boolean.");
        }
    }

    /** A UUID, with or without hyphens. */
    static final class OfUuid extends ValueDeserializer<UUID> {
        private static final long serialVersionUID = 1L;

        OfUuid() {
            super(UUID.class);
        }

        @Override
        public @Nullable UUID deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            UUID id =
                    parser.currentToken() == JsonToken.VALUE_STRING
                            ? UuidText.parseLenient(Text.trim(parser.getText())).orElse(null)
                            : null;
            return id == null
                    ? reject(parser, context, ErrorCode.INVALID_INPUT, "Must be a valid UUID.")
                    : id;
        }
    }

    /** Any JSON value but null, as opaque text. */
    static final class OfJson extends ValueDeserializer<JsonText> {
        private static final long serialVersionUID = 1L;

        OfJson() {
            super(JsonText.class);
        }

        @Override
        public JsonText deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            return Json.copy(parser);
        }
    }

    /** One of the wire values of an enum that the profile has, exactly. */
    static final class OfChoice extends ValueDeserializer<WireValue> {
        private static final long serialVersionUID = 1L;

        private final transient Map<String, ? extends WireValue> choices;
        private final ApiProfile profile;

        OfChoice(Class<?> type, ApiProfile profile) {
            super(type);
            this.profile = profile;
            this.choices =
                    WireValue.index(
                            Arrays.stream((WireValue[]) type.getEnumConstants())
                                    .filter(profile::knows)
                                    .toArray(WireValue[]::new));
        }

        @Override
        public @Nullable WireValue deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            WireValue choice =
                    parser.currentToken() == JsonToken.VALUE_STRING
                            ? choices.get(parser.getText())
                            : null;
            if (choice == null) {
                return rejectChoice(parser, context);
            }
            return profile.reserves(choice)
                    ? reject(
                            parser,
                            context,
                            ErrorCode.INVALID_INPUT,
                            parser.currentName()
                                    + " '"
                                    + choice.wire()
                                    + "' is reserved for server-created tasks")
                    : choice;
        }

        static <T> @Nullable T rejectChoice(JsonParser parser, DeserializationContext context)
                throws IOException {
            return reject(
                    parser,
                    context,
                    ErrorCode.INVALID_CHOICE,
                    "\"" + shown(parser) + "\" is not a valid choice.");
        }

        private static String shown(JsonParser parser) throws IOException {
            return switch (parser.currentToken()) {
                case START_OBJECT -> "{...}";
                case START_ARRAY -> "[...]";
                default -> Text.abbreviate(parser.getText());
            };
        }
    }

    /**
     * The relationship of a task to its report (docs/wire/enums.md#b12): one known value in the
     * first profile, and any name later.
     */
    static final class OfRelationship extends ValueDeserializer<ReportRelationship> {
        private static final long serialVersionUID = 1L;
        private static final int MAX_LENGTH = 200;
        private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]*");

        private final ApiProfile profile;

        OfRelationship(ApiProfile profile) {
            super(ReportRelationship.class);
            this.profile = profile;
        }

        @Override
        public @Nullable ReportRelationship deserialize(
                JsonParser parser, DeserializationContext context) throws IOException {
            boolean isText = parser.currentToken() == JsonToken.VALUE_STRING;
            if (!profile.includes(ApiProfile.V2026_09)) {
                return isText && parser.getText().equals(ReportRelationship.IMPLEMENTATION.wire())
                        ? ReportRelationship.IMPLEMENTATION
                        : OfChoice.rejectChoice(parser, context);
            }
            if (!isText) {
                return reject(parser, context, ErrorCode.INVALID_INPUT, "Not a valid string.");
            }
            String name = Text.trim(parser.getText());
            if (name.length() > MAX_LENGTH) {
                return reject(
                        parser,
                        context,
                        ErrorCode.MAX_LENGTH,
                        "Ensure this field has no more than " + MAX_LENGTH + " characters.");
            }
            if (!NAME.matcher(name).matches()) {
                return reject(
                        parser,
                        context,
                        ErrorCode.INVALID_INPUT,
                        "Must contain only lowercase letters, numbers, underscores, or hyphens, and"
                                + " start with a lowercase letter or number.");
            }
            ReportRelationship relationship = new ReportRelationship(name);
            return profile.reserves(relationship)
                    ? reject(
                            parser,
                            context,
                            ErrorCode.INVALID_INPUT,
                            "Relationship '" + name + "' is reserved for server-created tasks.")
                    : relationship;
        }
    }
}
