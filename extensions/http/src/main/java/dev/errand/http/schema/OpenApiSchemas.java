package dev.errand.http.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.profile.ApiProfile;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Collects the {@code components.schemas} of an OpenAPI 3.1 document. Not thread-safe. */
public final class OpenApiSchemas {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String NULLABLE = "nullable";
    private static final String ALL_OF = "allOf";
    private static final String REF = "$ref";
    private static final String TYPE = "type";

    private final ApiProfile profile;
    private final ObjectNode schemas = NODES.objectNode();

    /** Creates an empty collection for one version of the API. */
    public OpenApiSchemas(ApiProfile profile) {
        this.profile = profile;
    }

    /** Adds a request with the enums it uses, and returns a reference to it. */
    public ObjectNode request(Class<? extends Record> request) {
        String name = RequestSchemas.nameOf(request);
        return add(
                name,
                name,
                RequestSchemas.definitions(name, Optional.of(request), profile, request));
    }

    /**
     * Adds a response with what it consists of, and returns a reference to it.
     *
     * @param arguments the type arguments of the view
     */
    public ObjectNode response(Class<? extends Record> view, Type... arguments) {
        return add(
                ComponentNames.of(view, arguments),
                "",
                RequestSchemas.definitions("Run", Optional.empty(), profile, view, arguments));
    }

    /** Returns all schemas by name. */
    public ObjectNode all() {
        return schemas;
    }

    /** Adds definitions. One that differs from a present one of the same name gets a prefix. */
    private ObjectNode add(String name, String prefix, ObjectNode definitions) {
        Map<String, String> renamed = new HashMap<>();
        definitions.forEach(OpenApiSchemas::translate);
        definitions
                .properties()
                .forEach(
                        each -> {
                            JsonNode present = schemas.get(each.getKey());
                            if (present != null && !present.equals(each.getValue())) {
                                renamed.put(
                                        RequestSchemas.REFERENCE + each.getKey(),
                                        RequestSchemas.REFERENCE + prefix + each.getKey());
                            }
                        });
        rename(definitions, renamed);
        definitions
                .properties()
                .forEach(
                        each -> {
                            String reference = RequestSchemas.REFERENCE + each.getKey();
                            String target = renamed.getOrDefault(reference, reference);
                            schemas.set(
                                    target.substring(RequestSchemas.REFERENCE.length()),
                                    each.getValue());
                        });
        return NODES.objectNode().put(REF, RequestSchemas.REFERENCE + name);
    }

    private static void rename(JsonNode node, Map<String, String> renamed) {
        for (JsonNode owner : node.findParents(REF)) {
            String reference = owner.get(REF).textValue();
            ((ObjectNode) owner).put(REF, renamed.getOrDefault(reference, reference));
        }
    }

    /**
     * Replaces what the published schemas write in the form of OpenAPI 3.0, whose {@code nullable}
     * means nothing in 3.1.
     */
    private static void translate(JsonNode node) {
        node.forEach(OpenApiSchemas::translate);
        if (!(node instanceof ObjectNode schema)) {
            return;
        }
        boolean isNullable = schema.path(NULLABLE).isBoolean();
        if (isNullable) {
            schema.remove(NULLABLE);
        }
        if (schema.get(ALL_OF) instanceof ArrayNode list && list.size() == 1) {
            schema.remove(ALL_OF);
            if (isNullable) {
                schema.putArray("anyOf").add(list.get(0)).addObject().put(TYPE, "null");
            } else {
                schema.setAll((ObjectNode) list.get(0));
            }
        } else if (isNullable && schema.path(TYPE).isTextual()) {
            String type = schema.get(TYPE).textValue();
            schema.putArray(TYPE).add(type).add("null");
        }
    }
}
