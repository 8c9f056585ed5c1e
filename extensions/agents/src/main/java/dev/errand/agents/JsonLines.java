package dev.errand.agents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.JsonText;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** Reads and writes JSON lines, in memory that is bounded by a multiple of the line's length. */
final class JsonLines {

    /** The longest text of a log entry, in characters; longer ones are cut. */
    static final int MAX_TEXT = 1024 * 1024;

    /** Bounds the memory of the tree of a line that consists of very many small values. */
    private static final int MAX_TOKENS = 500_000;

    private static final int MAX_DEPTH = 150;
    private static final int MAX_STRING_LENGTH = 48 * 1024 * 1024;

    /** Numbers stay as they were written, because they may be part of an output. */
    static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxStringLength(MAX_STRING_LENGTH)
                                                    .maxTokenCount(MAX_TOKENS)
                                                    .build())
                                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private JsonLines() {}

    /** Parses a JSON object; empty if the text is none, or exceeds a limit. */
    static Optional<JsonNode> parse(String line) {
        try {
            return Optional.ofNullable(MAPPER.readTree(line)).filter(JsonNode::isObject);
        } catch (JsonProcessingException malformed) {
            return Optional.empty();
        }
    }

    /** Writes a value on one line. */
    static JsonText text(JsonNode value) {
        return JsonText.of(write(value));
    }

    static String write(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Writes a text as a quoted string, which is also a basic string of TOML. */
    static String quote(String text) {
        return write(MAPPER.getNodeFactory().textNode(text));
    }

    /** Returns the value with every long text cut. Changes objects and arrays in place. */
    static JsonNode cut(JsonNode value) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                member.setValue(cut(member.getValue()));
            }
        } else if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, cut(array.get(i)));
            }
        } else if (value.isTextual()) {
            String text = value.textValue();
            return text.length() <= MAX_TEXT ? value : MAPPER.getNodeFactory().textNode(cut(text));
        }
        return value;
    }

    private static String cut(String text) {
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end)
                + "\n[cut after "
                + end
                + " of "
                + text.length()
                + " characters]";
    }
}
