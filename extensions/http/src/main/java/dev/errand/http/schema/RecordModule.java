package dev.errand.http.schema;

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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Configures the schema generator for the declarations of Errand's requests and responses in one
 * profile.
 */
final class RecordModule implements Module {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ApiProfile profile;
    private final Optional<Class<? extends Record>> request;

    /**
     * Creates the module.
     *
     * @param request the request; empty for responses
     */
    RecordModule(ApiProfile profile, Optional<Class<? extends Record>> request) {
        this.profile = profile;
        this.request = request;
    }

    @Override
    public void applyToConfigBuilder(SchemaGeneratorConfigBuilder builder) {
        builder.forTypesInGeneral()
                .withPropertySorter(Comparator.comparing(it -> RecordMember.of(it).position()))
                .withCustomDefinitionProvider(this::enumDefinition);
        SchemaGeneratorConfigPart<FieldScope> members = builder.forFields();
        members.withIgnoreCheck(it -> !isInProfile(it));
        members.withPropertyNameOverrideResolver(it -> RecordMember.of(it).wireName())
                .withTargetTypeOverridesResolver(RecordModule::valueType)
                .withDefaultResolver(RecordModule::defaultValue)
                .withRequiredCheck(RecordModule::isRequired)
                .withCustomDefinitionProvider(this::inline)
                .withInstanceAttributeOverride(this::markNullable);
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
            if (profile.knows(value) && (request.isEmpty() || isInRequest(value))) {
                values.add(value.wire());
            }
        }
        return new CustomDefinition(definition, DefinitionType.ALWAYS_REF, AttributeInclusion.NO);
    }

    private boolean isInProfile(FieldScope member) {
        return RecordMember.of(member).addedIn().map(profile::includes).orElse(true);
    }

    private boolean isInRequest(WireValue value) {
        return !profile.reserves(value)
                && (request.equals(Optional.of(CreateRunRequest.class))
                        || !(value instanceof ReasoningEffort effort)
                        || !effort.isThinkingLevel());
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
                : RecordMember.of(member)
                        .valueType()
                        .map(it -> List.of(member.getContext().resolve(it)))
                        .orElse(null);
    }

    private static @Nullable Object defaultValue(FieldScope member) {
        return member.isFakeContainerItemScope()
                ? null
                : RecordMember.of(member).defaultValue().orElse(null);
    }

    private static boolean isRequired(FieldScope member) {
        return !member.isFakeContainerItemScope() && RecordMember.of(member).isRequired();
    }

    /**
     * Defines a member. A reference to an enum or record is wrapped in {@code allOf}, because
     * readers of older drafts ignore other keywords beside {@code $ref}. All other types are
     * defined inline. JSON that Errand does not interpret has no schema.
     */
    private CustomPropertyDefinition inline(FieldScope member, SchemaGenerationContext context) {
        ResolvedType type = member.getType();
        if (isList(type)) {
            ObjectNode list = context.createStandardDefinition(member, this::inline);
            return new CustomPropertyDefinition(list, AttributeInclusion.NO);
        }
        ObjectNode definition = NODES.objectNode();
        if (type.getErasedType() == JsonText.class) {
            markNullable(definition, member, context);
            return new CustomPropertyDefinition(definition, AttributeInclusion.NO);
        }
        if (type.isInstanceOf(WireValue.class) || type.isInstanceOf(Record.class)) {
            definition.putArray("allOf").add(context.createDefinitionReference(type));
        } else if (type.isInstanceOf(Map.class)) {
            definition
                    .put("type", "object")
                    .putObject("additionalProperties")
                    .put("type", "string");
        } else {
            definition = context.createDefinition(type);
        }
        return new CustomPropertyDefinition(definition, AttributeInclusion.YES);
    }

    private void markNullable(
            ObjectNode attributes, FieldScope member, SchemaGenerationContext context) {
        if (!member.isFakeContainerItemScope()
                && (RecordMember.of(member).takesNull() || hasUnknownValues(member.getType()))) {
            ObjectNode others = attributes.deepCopy();
            attributes.removeAll();
            attributes.put("nullable", true).setAll(others);
        }
    }

    /** Returns whether a response has null in place of values that the profile does not know. */
    private boolean hasUnknownValues(ResolvedType type) {
        return request.isEmpty()
                && type.isInstanceOf(WireValue.class)
                && !values(type.getErasedType()).stream().allMatch(profile::knows);
    }

    private static boolean isList(ResolvedType type) {
        return type.isInstanceOf(List.class);
    }
}
