package dev.errand.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.errand.spi.JsonText;
import java.util.List;
import java.util.Optional;

/**
 * Holds outputs against the schemas of tasks (contract I4, J22). Schemas come from outside: nothing
 * they refer to is ever fetched, and one that cannot be used, for whatever reason, is not usable.
 */
public final class OutputSchemas {

    private static final SpecificationVersion DEFAULT = SpecificationVersion.DRAFT_2020_12;
    private static final int MAX_REASON_LENGTH = 500;
    private static final JsonMapper MAPPER = new JsonMapper();

    /** Remembers nothing: schemas are many, and their number is the callers' choice. */
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(
                    DEFAULT,
                    registry ->
                            registry.schemaCacheEnabled(false)
                                    .schemaRegistryConfig(
                                            SchemaRegistryConfig.builder()
                                                    .formatAssertionsEnabled(true)
                                                    .build())
                                    .schemaLoader(
                                            loader -> loader.allow(OutputSchemas::isDialect)));

    private OutputSchemas() {}

    /**
     * Whether outputs can be held against it: a boolean, or an object that its dialect's own schema
     * accepts.
     */
    public static boolean isUsable(JsonText schema) {
        try {
            JsonNode node = MAPPER.readTree(schema.text());
            if (node.isBoolean()) {
                return true;
            }
            String dialect = node.path("$schema").asText(DEFAULT.getDialectId());
            Optional<SpecificationVersion> version = SpecificationVersion.fromDialectId(dialect);
            if (!node.isObject() || version.isEmpty()) {
                return false;
            }
            Schema meta =
                    REGISTRY.getSchema(
                            com.networknt.schema.SchemaLocation.of(version.get().getDialectId()));
            if (!meta.validate(node).isEmpty()) {
                return false;
            }
            Schema compiled = REGISTRY.getSchema(node);
            compiled.initializeValidators();
            compiled.validate(MAPPER.nullNode());
            compiled.validate(MAPPER.createObjectNode());
            return true;
        } catch (JsonProcessingException | RuntimeException | StackOverflowError unusable) {
            return false;
        }
    }

    /** Why an output does not satisfy a schema; empty if it does. */
    public static Optional<String> problem(JsonText schema, JsonText output) {
        try {
            Schema compiled = REGISTRY.getSchema(MAPPER.readTree(schema.text()));
            List<Error> errors = compiled.validate(MAPPER.readTree(output.text()));
            return errors.isEmpty() ? Optional.empty() : Optional.of(reason(errors.get(0)));
        } catch (JsonProcessingException | RuntimeException | StackOverflowError unusable) {
            return Optional.of("the schema cannot be applied to this value");
        }
    }

    private static String reason(Error error) {
        String text = error.getInstanceLocation() + ": " + error.getMessage();
        return text.length() <= MAX_REASON_LENGTH
                ? text
                : text.substring(0, MAX_REASON_LENGTH) + "...";
    }

    private static boolean isDialect(com.networknt.schema.AbsoluteIri iri) {
        String text = iri.toString();
        return text.startsWith("https://json-schema.org/")
                || text.startsWith("http://json-schema.org/");
    }
}
