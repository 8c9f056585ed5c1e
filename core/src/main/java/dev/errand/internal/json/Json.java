package dev.errand.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.errand.spi.JsonText;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The configured JSON library, and the reading and quoting of JSON that Errand does not interpret.
 */
public final class Json {

    /** The JSON factory (docs/wire/idempotency-and-limits.md#j34). */
    public static final JsonFactory FACTORY = factory(new JsonLimits(100, 1_000, 50_000), true);

    /**
     * The factory for log entries that exceed the limits of {@link #FACTORY}. Errand does not
     * interpret them. Names can be long, so it does not keep them for the next parser.
     */
    private static final JsonFactory LOG_FACTORY =
            factory(new JsonLimits(1_000, Integer.MAX_VALUE, Integer.MAX_VALUE), false);

    private static final JsonText TRUE = new JsonText("true");
    private static final JsonText FALSE = new JsonText("false");

    private Json() {}

    private static JsonFactory factory(JsonLimits limits, boolean keepsNames) {
        return JsonFactory.builder()
                .streamReadConstraints(limits)
                .recyclerPool(JsonRecyclerPools.threadLocalPool())
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, keepsNames)
                .build();
    }

    /**
     * Parses exactly one JSON value to opaque text: white space between tokens is dropped, numbers
     * stay as they were written. A byte order mark is skipped.
     *
     * @throws InvalidJsonException if the text is not one JSON value, or exceeds a limit
     */
    public static JsonText parse(String text) throws InvalidJsonException {
        try (JsonParser parser = parser(text.startsWith("\ufeff") ? text.substring(1) : text)) {
            if (parser.nextToken() == null) {
                throw new JsonParseException(parser, "no value");
            }
            JsonText value = copy(parser);
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "trailing content");
            }
            return value;
        } catch (IOException notJson) {
            throw new InvalidJsonException(notJson);
        }
    }

    /**
     * Returns a parser of UTF-8. The JSON library's own decoder accepts overlong and impossible
     * sequences, whose result could be stored but not read again; hence the check.
     *
     * @throws CharConversionException if the bytes are not UTF-8
     */
    public static JsonParser parser(byte[] utf8) throws IOException {
        if (!Text.isUtf8(utf8)) {
            throw new CharConversionException("not UTF-8");
        }
        int start = contentStart(utf8);
        return FACTORY.createParser(utf8, start, utf8.length - start);
    }

    private static int contentStart(byte[] utf8) {
        return Text.startsWithByteOrderMark(utf8) ? Text.BYTE_ORDER_MARK_LENGTH : 0;
    }

    /**
     * Returns a parser of the UTF-8 of log entries, which accepts entries that {@link
     * #parser(byte[])} rejects because of a limit. An unpaired surrogate, which the JSON library
     * rejects in names, becomes U+FFFD.
     */
    public static JsonParser logParser(byte[] utf8) throws IOException {
        int start = contentStart(utf8);
        String text = new String(utf8, start, utf8.length - start, StandardCharsets.UTF_8);
        return LOG_FACTORY.createParser(Text.replaceEscapedSurrogates(text));
    }

    /** Returns a parser of a log entry that {@link #FACTORY} cannot read because of a limit. */
    static JsonParser logParser(JsonText entry) throws IOException {
        return LOG_FACTORY.createParser(entry.text());
    }

    /**
     * Returns a parser of UTF-8 that reads a stream piece by piece, and closes it.
     *
     * @throws IOException if the stream cannot be read; later also {@link CharConversionException}
     *     if its bytes are not UTF-8
     */
    public static JsonParser parser(InputStream utf8) throws IOException {
        return FACTORY.createParser(Utf8InputStream.of(utf8));
    }

    /**
     * Returns a parser of text.
     *
     * @throws CharConversionException if the text has no UTF-8 form
     */
    public static JsonParser parser(String text) throws IOException {
        if (!Text.isWellFormed(text)) {
            throw new CharConversionException("half of a surrogate pair");
        }
        return FACTORY.createParser(text);
    }

    /** Quotes a text as a JSON string. */
    public static JsonText quote(String text) {
        return isPlain(text)
                ? new JsonText('"' + text + '"')
                : new JsonText(quote(text, new StringBuilder(text.length() + 16)).toString());
    }

    /** Appends a text as a JSON string. */
    public static StringBuilder quote(String text, StringBuilder out) {
        out.append('"');
        if (isPlain(text)) {
            out.append(text);
        } else {
            StringBuilder quoted = new StringBuilder(text.length() + 16);
            JsonStringEncoder.getInstance().quoteAsString(text, quoted);
            out.append(wellFormed(quoted));
        }
        return out.append('"');
    }

    /** Whether a text needs no escape in JSON. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c >= Character.MIN_SURROGATE) {
                return false;
            }
        }
        return true;
    }

    /** Writes texts as a JSON array of strings. */
    public static JsonText array(List<String> texts) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            generator.writeStartArray();
            for (String text : texts) {
                generator.writeString(text);
            }
            generator.writeEndArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new JsonText(wellFormed(out.getBuffer()));
    }

    /** Returns the strings among the items of a JSON list; none if the value is not a list. */
    public static List<String> texts(JsonText list) {
        List<String> texts = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(list.text())) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return List.of();
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    texts.add(parser.getText());
                }
                parser.skipChildren();
            }
        } catch (IOException notJson) {
            return List.of();
        }
        return List.copyOf(texts);
    }

    /**
     * Returns a list with an item appended. If there is no value yet, the list has this item alone;
     * a value that is not a list becomes its first item.
     */
    public static JsonText append(Optional<JsonText> value, JsonText item) {
        List<JsonText> items = new ArrayList<>();
        value.filter(it -> !it.equals(JsonText.NULL))
                .ifPresent(
                        it -> {
                            if (it.text().startsWith("[")) {
                                items.addAll(items(it));
                            } else {
                                items.add(it);
                            }
                        });
        items.add(item);
        return new JsonText(
                items.stream().map(JsonText::text).collect(Collectors.joining(",", "[", "]")));
    }

    /** Returns the items of a list; none if the value is not a list. */
    public static List<JsonText> items(JsonText list) {
        List<JsonText> items = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(list.text())) {
            if (parser.nextToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(copy(parser));
                }
            }
            return items;
        } catch (IOException notJson) {
            return List.of();
        }
    }

    /** Returns the value, or empty if it is the JSON null. */
    public static Optional<JsonText> withoutNull(Optional<JsonText> value) {
        return value.filter(given -> !given.equals(JsonText.NULL));
    }

    /**
     * Reads the value at the parser's current token as opaque text; the parser ends on the value's
     * last token.
     */
    public static JsonText copy(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> quote(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonText(parser.getText());
            case VALUE_TRUE -> TRUE;
            case VALUE_FALSE -> FALSE;
            case VALUE_NULL -> JsonText.NULL;
            default -> copyStructure(parser);
        };
    }

    /** Returns the name that error texts have for the type of a value (docs/wire/errors.md#c3). */
    public static String typeName(JsonText json) {
        try (JsonParser parser = FACTORY.createParser(json.text())) {
            return typeName(parser.nextToken());
        } catch (IOException notJson) {
            throw new IllegalArgumentException(
                    "not JSON: " + Text.abbreviate(json.text()), notJson);
        }
    }

    /**
     * Returns the name that error texts have for the type of the value that begins with a token.
     */
    public static String typeName(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "dict";
            case START_ARRAY -> "list";
            case VALUE_STRING -> "str";
            case VALUE_NUMBER_INT -> "int";
            case VALUE_NUMBER_FLOAT -> "float";
            case VALUE_TRUE, VALUE_FALSE -> "bool";
            case VALUE_NULL -> "NoneType";
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("no value begins with " + token);
        };
    }

    private static JsonText copyStructure(JsonParser parser) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            copy(parser, generator);
        }
        return new JsonText(wellFormed(out.getBuffer()));
    }

    private static void copy(JsonParser parser, JsonGenerator out) throws IOException {
        int depth = 0;
        JsonToken token = parser.currentToken();
        do {
            switch (token) {
                case START_OBJECT -> {
                    out.writeStartObject();
                    depth++;
                }
                case START_ARRAY -> {
                    out.writeStartArray();
                    depth++;
                }
                case END_OBJECT -> {
                    out.writeEndObject();
                    depth--;
                }
                case END_ARRAY -> {
                    out.writeEndArray();
                    depth--;
                }
                case FIELD_NAME -> out.writeFieldName(parser.currentName());
                case VALUE_STRING -> out.writeString(parser.getText());
                // As written: a number's text says more than any number type can hold.
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> out.writeNumber(parser.getText());
                case VALUE_TRUE -> out.writeBoolean(true);
                case VALUE_FALSE -> out.writeBoolean(false);
                case VALUE_NULL -> out.writeNull();
                case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                        throw new IllegalStateException("no JSON text yields " + token);
            }
        } while (depth > 0 && (token = parser.nextToken()) != null);
    }

    /**
     * Escapes unpaired surrogates. Agents cut strings in the middle of a pair; an unpaired
     * surrogate has no UTF-8 form, and in JSON text it can only occur inside a string.
     */
    private static String wellFormed(CharSequence out) {
        String text = out.toString();
        return Text.isWellFormed(text) ? text : Text.escapeLoneSurrogates(text);
    }
}
