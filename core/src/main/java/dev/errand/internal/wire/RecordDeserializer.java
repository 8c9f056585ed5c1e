package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ResolvableDeserializer;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import dev.errand.error.ErrorCode;
import dev.errand.error.Violation;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.json.Json;
import dev.errand.profile.ApiProfile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request record through its canonical constructor.
 *
 * <p>Jackson's own deserializer stops at the first problem, and rejects duplicate members; this one
 * reports all problems in the declared order of the members, and uses the last of two members with
 * the same name. A member that the profile does not have is ignored. A member that cannot be read
 * is passed to the constructor as if it were absent, so that the validator can find further
 * problems. A required member that is absent is null.
 */
final class RecordDeserializer extends ValueDeserializer<Object> implements ResolvableDeserializer {

    private static final long serialVersionUID = 1L;

    private final transient ValueInstantiator instantiator;
    private final ApiProfile profile;
    private final transient Map<String, Member> members = new HashMap<>();
    private transient @Nullable Object[] absentValues = {};

    RecordDeserializer(Class<?> type, ValueInstantiator instantiator, ApiProfile profile) {
        super(type);
        this.instantiator = instantiator;
        this.profile = profile;
    }

    private record Member(int index, JsonDeserializer<Object> deserializer) {}

    @Override
    public void resolve(DeserializationContext context) throws JsonMappingException {
        SettableBeanProperty[] properties =
                instantiator.getFromObjectArguments(context.getConfig());
        absentValues = new @Nullable Object[properties.length];
        for (SettableBeanProperty property : properties) {
            int index = property.getCreatorIndex();
            JsonDeserializer<Object> deserializer =
                    context.findContextualValueDeserializer(property.getType(), property);
            AddedIn added = property.getAnnotation(AddedIn.class);
            if (added == null || profile.includes(added.value())) {
                members.put(property.getName(), new Member(index, deserializer));
            }
            absentValues[index] = absentValue(property, deserializer, context);
        }
    }

    /**
     * Returns the declared default, which is written as JSON, or the type's value for an absent
     * member, such as {@code Optional.empty()}.
     */
    private static @Nullable Object absentValue(
            SettableBeanProperty property,
            JsonDeserializer<Object> deserializer,
            DeserializationContext context)
            throws JsonMappingException {
        String declared = property.getMetadata().getDefaultValue();
        if (declared == null) {
            return deserializer.getAbsentValue(context);
        }
        try (JsonParser parser = Json.parser(declared)) {
            parser.nextToken();
            return deserializer.deserialize(parser, context);
        } catch (IOException notJson) {
            throw JsonMappingException.from(
                    context, "the default of " + property + " is not JSON", notJson);
        }
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context)
            throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return reject(parser, context, ErrorCode.INVALID_INPUT, notAnObject(parser));
        }
        BindingProblems problems = BindingProblems.of(context);
        int before = problems.count();
        Map<Integer, List<Violation>> problemsByMember = Map.of();
        @Nullable Object[] values = absentValues.clone();
        String name;
        while ((name = parser.nextFieldName()) != null) {
            JsonToken token = parser.nextToken();
            Member member = members.get(name);
            if (member == null) {
                parser.skipChildren();
                continue;
            }
            Object value =
                    token == JsonToken.VALUE_NULL
                            ? member.deserializer.getNullValue(context)
                            : member.deserializer.deserialize(parser, context);
            values[member.index] = value == null ? absentValues[member.index] : value;
            if (problems.count() > before || !problemsByMember.isEmpty()) {
                problemsByMember = new TreeMap<>(problemsByMember);
                problemsByMember.put(member.index, problems.removeFrom(before));
            }
        }
        problemsByMember.values().forEach(problems.found()::addAll);
        return instantiator.createFromObjectWith(context, values);
    }

    /** Reports a null body for the request, not for a member. */
    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
        JsonParser parser = context.getParser();
        if (!BindingProblems.isAtRoot(parser)) {
            return super.getNullValue(context);
        }
        BindingProblems.report(context, ErrorCode.INVALID_INPUT, notAnObject(parser));
        return null;
    }

    private static String notAnObject(JsonParser parser) {
        return "Invalid data. Expected a dictionary, but got "
                + Json.typeName(parser.currentToken())
                + ".";
    }
}
