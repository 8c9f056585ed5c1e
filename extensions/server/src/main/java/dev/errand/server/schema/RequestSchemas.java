package dev.errand.server.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import dev.errand.profile.ApiProfile;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.task.CreateTaskRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON Schema (draft 2020-12) of each request that has a published name, with the enums it uses
 * below {@code components.schemas}. Members are in declaration order.
 */
public final class RequestSchemas {

    private static final String COMPONENTS = "components";
    private static final String SCHEMAS = "schemas";
    private static final String DEFINITIONS = COMPONENTS + "/" + SCHEMAS;
    private static final String REFERENCE = "#/" + DEFINITIONS + "/";
    private static final SchemaVersion VERSION = SchemaVersion.DRAFT_2020_12;
    private static final Map<String, Class<? extends Record>> TYPES = types();

    private RequestSchemas() {}

    private static Map<String, Class<? extends Record>> types() {
        Map<String, Class<? extends Record>> types = new LinkedHashMap<>();
        types.put("TaskRunBootstrapCreateRequest", CreateRunRequest.class);
        types.put("TaskRunCreateRequest", RunTaskRequest.class);
        types.put("TaskCreateRequest", CreateTaskRequest.class);
        return Collections.unmodifiableMap(types);
    }

    /** Returns the published names of the requests, the most used first. */
    public static Set<String> names() {
        return TYPES.keySet();
    }

    /**
     * Returns the schema of the request with this name as indented JSON, or empty if there is none.
     */
    public static Optional<String> find(String name, ApiProfile profile) {
        return Optional.ofNullable(TYPES.get(name))
                .map(type -> generate(name, type, profile).toPrettyString());
    }

    private static ObjectNode generate(
            String name, Class<? extends Record> type, ApiProfile profile) {
        SchemaBuilder builder = generator(name, type, profile).buildMultipleSchemaDefinitions();
        builder.createSchemaReference(type);
        ObjectNode definitions = builder.collectDefinitions(DEFINITIONS);

        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", VERSION.getIdentifier());
        schema.put("$id", REFERENCE + name);
        schema.put("title", name);
        schema.setAll((ObjectNode) definitions.get(name));
        ObjectNode components = inOrderOfUse(schema, definitions);
        if (!components.isEmpty()) {
            schema.putObject(COMPONENTS).set(SCHEMAS, components);
        }
        return schema;
    }

    private static SchemaGenerator generator(
            String name, Class<? extends Record> type, ApiProfile profile) {
        OptionPreset options =
                new OptionPreset(
                        Option.NONPUBLIC_NONSTATIC_FIELDS_WITH_GETTERS,
                        Option.NONPUBLIC_NONSTATIC_FIELDS_WITHOUT_GETTERS,
                        Option.ADDITIONAL_FIXED_TYPES,
                        Option.EXTRA_OPEN_API_FORMAT_VALUES,
                        Option.DEFINITIONS_FOR_ALL_OBJECTS);
        return new SchemaGenerator(
                new SchemaGeneratorConfigBuilder(VERSION, options)
                        .with(new JacksonModule())
                        .with(new ConstraintsModule())
                        .with(new RequestModule(profile, type))
                        .with(new ComponentNames(name, type))
                        .build());
    }

    private static ObjectNode inOrderOfUse(ObjectNode schema, ObjectNode definitions) {
        ObjectNode components = JsonNodeFactory.instance.objectNode();
        for (JsonNode reference : schema.findValues("$ref")) {
            String component = reference.textValue().substring(REFERENCE.length());
            components.set(component, definitions.get(component));
        }
        return components;
    }
}
