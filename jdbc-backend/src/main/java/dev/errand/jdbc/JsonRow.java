package dev.errand.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.spi.PortException;
import dev.errand.spi.internal.UuidText;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A JSON object whose members are read by name.
 *
 * @param object the object
 */
record JsonRow(JsonNode object) implements Row {

    private static final ObjectMapper MAPPER = new JsonMapper();

    /**
     * Parses a stored document.
     *
     * @throws PortException if it is not JSON
     */
    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw PortException.permanent("JdbcBackend", "a stored document is not JSON", e);
        }
    }

    @Override
    public Optional<String> optionalText(String column) {
        return member(column)
                .map(value -> value.isContainerNode() ? value.toString() : value.asText());
    }

    @Override
    public Optional<UUID> optionalId(String column) {
        return optionalText(column).flatMap(UuidText::parseLenient);
    }

    @Override
    public Optional<Long> optionalNumber(String column) {
        return member(column).map(JsonNode::longValue);
    }

    @Override
    public Optional<Instant> optionalTime(String column) {
        return optionalText(column).map(Instant::parse);
    }

    @Override
    public boolean flag(String column) {
        return object.path(column).booleanValue();
    }

    private Optional<JsonNode> member(String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }
}
