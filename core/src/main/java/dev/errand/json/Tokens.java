package dev.errand.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.errand.spi.JsonText;
import java.io.IOException;

/** The names that the wire's error texts have for JSON types. */
final class Tokens {

    private Tokens() {}

    static String typeName(JsonToken token) {
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

    /** The type of opaque JSON. */
    static String typeName(JsonText json) {
        try (JsonParser parser = Json.FACTORY.createParser(json.text())) {
            return typeName(parser.nextToken());
        } catch (IOException notJson) {
            throw new IllegalArgumentException("not JSON: " + Text.shown(json.text()), notJson);
        }
    }

    /**
     * What an error text shows of a value that is no text; the parser ends on the value's last
     * token.
     */
    static String shown(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token.isStructStart()) {
            parser.skipChildren();
            return token == JsonToken.START_OBJECT ? "{...}" : "[...]";
        }
        return Text.shown(parser.getText());
    }
}
