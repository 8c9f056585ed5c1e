package dev.errand.server.schema;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.CustomPropertyDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Module;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigPart;
import dev.errand.profile.ApiProfile;
import dev.errand.run.CreateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.task.ReportRelationship;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Configures the schema generator for the declarations of Errand's request records in one profile.
 */
final class RequestModule implements Module {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ApiProfile profile;
    private final Class<? extends Record> request;

    RequestModule(ApiProfile profile, Class<? extends Record> request) {
        this.profile = profile;
        this.request = request;
    }

    @Override
    public void applyToConfigBuilder(SchemaGeneratorConfigBuilder builder) {
        builder.forTypesInGeneral()
                .withPropertySorter(Comparator.comparing(it -> RequestMember.of(it).position()))
                .withCustomDefinitionProvider(this::enumDefinition);
        SchemaGeneratorConfigPart<FieldScope> members = builder.forFields();
        members.withIgnoreCheck(it -> !isInProfile(it));
        members.withPropertyNameOverrideResolver(it -> RequestMember.of(it).wireName())
                .withTargetTypeOverridesResolver(RequestModule::valueType)
                .withDefaultResolver(RequestModule::defaultValue)
                .withCustomDefinitionProvider(RequestModule::inline)
                .withInstanceAttributeOverride(RequestModule::markNullable);
    }

    /** Defines an enum by its wire values, always as a component. */
    private @Nullable CustomDefinition enumDefinition(
            ResolvedType type, SchemaGenerationContext context) {
        if (!type.isInstanceOf(WireValue.class)) {
            return null;
        }
        ObjectNode definition = NODES.objectNode().put("type", "string");
        if (type.isInstanceOf(ReportRelationship.class) && profile.includes(ApiProfile.V2026_09)) {
            return new CustomDefinition(
                    definition.put("maxLength", 200).put("pattern", "^[a-z0-9][a-z0-9_-]*$"),
                    DefinitionType.INLINE,
                    AttributeInclusion.NO);
        }
        ArrayNode values = definition.putArray("enum");
        for (WireValue value : values(type.getErasedType())) {
            if (profile.knows(value) && !profile.reserves(value) && isInRequest(value)) {
                values.add(value.wire());
            }
        }
        return new CustomDefinition(definition, DefinitionType.ALWAYS_REF, AttributeInclusion.NO);
    }

    private boolean isInProfile(FieldScope member) {
        return RequestMember.of(member).addedIn().map(profile::includes).orElse(true);
    }

    private boolean isInRequest(WireValue value) {
        return request == CreateRunRequest.class
                || !(value instanceof ReasoningEffort effort)
                || !effort.isThinkingLevel();
    }

    /** Returns the known values; a relationship may have others in later profiles. */
    private static List<WireValue> values(Class<?> type) {
        return type == ReportRelationship.class
                ? List.of(ReportRelationship.IMPLEMENTATION)
                : List.of((WireValue[]) type.getEnumConstants());
    }

    private static @Nullable List<ResolvedType> valueType(FieldScope member) {
        return member.isFakeContainerItemScope()
                ? null
                : List.of(member.getContext().resolve(RequestMember.of(member).valueType()));
    }

    private static @Nullable Object defaultValue(FieldScope member) {
        return member.isFakeContainerItemScope()
                ? null
                : RequestMember.of(member).defaultValue().orElse(null);
    }

    /**
     * Defines a member. A reference to an enum is wrapped in {@code allOf}, because readers of
     * older drafts ignore other keywords beside {@code $ref}. All other types are defined inline.
     * JSON that Errand does not interpret has no schema.
     */
    private static CustomPropertyDefinition inline(
            FieldScope member, SchemaGenerationContext context) {
        ResolvedType type = member.getType();
        if (isList(type)) {
            ObjectNode list = context.createStandardDefinition(member, RequestModule::inline);
            return new CustomPropertyDefinition(list, AttributeInclusion.NO);
        }
        ObjectNode definition = NODES.objectNode();
        if (type.getErasedType() == JsonText.class) {
            markNullable(definition, member, context);
            return new CustomPropertyDefinition(definition, AttributeInclusion.NO);
        }
        if (type.isInstanceOf(WireValue.class)) {
            definition.putArray("allOf").add(context.createDefinitionReference(type));
        } else {
            definition = context.createDefinition(type);
        }
        return new CustomPropertyDefinition(definition, AttributeInclusion.YES);
    }

    private static void markNullable(
            ObjectNode attributes, FieldScope member, SchemaGenerationContext context) {
        if (!member.isFakeContainerItemScope() && RequestMember.of(member).takesNull()) {
            ObjectNode others = attributes.deepCopy();
            attributes.removeAll();
            attributes.put("nullable", true).setAll(others);
        }
    }

    private static boolean isList(ResolvedType type) {
        return type.isInstanceOf(List.class);
    }
}
