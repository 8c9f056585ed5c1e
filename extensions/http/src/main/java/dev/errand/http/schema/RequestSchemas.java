package dev.errand.http.schema;

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
import dev.errand.artifact.ArtifactReadRequest;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.UploadArtifactsRequest;
import dev.errand.profile.ApiProfile;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CancelRunRequest;
import dev.errand.run.CommandRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RelayMessageRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.SummarizeTasksRequest;
import dev.errand.task.UpdateTaskRequest;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The JSON Schema (draft 2020-12) of each request, with the enums it uses below {@code
 * components.schemas}. Members are in declaration order.
 */
public final class RequestSchemas {

    private static final String COMPONENTS = "components";
    private static final String SCHEMAS = "schemas";
    private static final String DEFINITIONS = COMPONENTS + "/" + SCHEMAS;
    static final String REFERENCE = "#/" + DEFINITIONS + "/";
    private static final SchemaVersion VERSION = SchemaVersion.DRAFT_2020_12;
    private static final Map<String, Class<? extends Record>> TYPES = types();

    private RequestSchemas() {}

    private static Map<String, Class<? extends Record>> types() {
        Map<String, Class<? extends Record>> types = new LinkedHashMap<>();
        types.put("TaskRunBootstrapCreateRequest", CreateRunRequest.class);
        types.put("TaskRunCreateRequest", RunTaskRequest.class);
        types.put("TaskCreateRequest", CreateTaskRequest.class);
        // Requests without a published name.
        Stream.of(
                        UpdateTaskRequest.class,
                        SummarizeTasksRequest.class,
                        PrepareUploadsRequest.class,
                        FinalizeUploadsRequest.class,
                        StartRunRequest.class,
                        UpdateRunRequest.class,
                        CancelRunRequest.class,
                        CommandRequest.class,
                        SetOutputRequest.class,
                        AppendLogRequest.class,
                        RelayMessageRequest.class,
                        UploadArtifactsRequest.class,
                        ArtifactReadRequest.class)
                .forEach(type -> types.put(type.getSimpleName(), type));
        return Collections.unmodifiableMap(types);
    }

    /** Returns the names of the requests, first those that the published description names. */
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
        ObjectNode definitions = definitions(name, Optional.of(type), profile, type);

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

    /** Returns the name of a request. */
    static String nameOf(Class<? extends Record> request) {
        return TYPES.entrySet().stream()
                .filter(named -> named.getValue() == request)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /**
     * Returns the definition of a type, and of all that it refers to, by name.
     *
     * @param prefix the name of the request, or what enums of responses have in its place
     * @param request the request; empty for responses
     */
    static ObjectNode definitions(
            String prefix,
            Optional<Class<? extends Record>> request,
            ApiProfile profile,
            Type type,
            Type... arguments) {
        SchemaBuilder builder =
                generator(prefix, request, profile).buildMultipleSchemaDefinitions();
        builder.createSchemaReference(type, arguments);
        return builder.collectDefinitions(DEFINITIONS);
    }

    private static SchemaGenerator generator(
            String prefix, Optional<Class<? extends Record>> request, ApiProfile profile) {
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
                        .with(new RecordModule(profile, request))
                        .with(new ComponentNames(prefix, request))
                        .build());
    }

    private static ObjectNode inOrderOfUse(ObjectNode schema, ObjectNode definitions) {
        ObjectNode components = JsonNodeFactory.instance.objectNode();
        addInOrderOfUse(components, schema, definitions);
        return components;
    }

    private static void addInOrderOfUse(
            ObjectNode components, JsonNode user, ObjectNode definitions) {
        for (JsonNode reference : user.findValues("$ref")) {
            String name = reference.textValue().substring(REFERENCE.length());
            if (!components.has(name)) {
                components.set(name, definitions.get(name));
                addInOrderOfUse(components, definitions.get(name), definitions);
            }
        }
    }
}
