package dev.errand.http.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.victools.jsonschema.generator.MemberScope;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.constraints.NullAllowed;
import dev.errand.profile.ApiProfile;
import dev.errand.request.Patch;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one member of a request or response, taken from the record that also binds and
 * validates the request, or that is written as the response.
 *
 * @param component the component of the record
 */
record RecordMember(RecordComponent component) {

    private static final SnakeCaseStrategy NAMES = new SnakeCaseStrategy();
    private static final JsonMapper JSON = new JsonMapper();

    /** Returns whether the member is a component of a record. */
    static boolean isDeclaredBy(MemberScope<?, ?> member) {
        return find(member).isPresent();
    }

    /** Returns the declaration of a member that is a component of a record. */
    static RecordMember of(MemberScope<?, ?> member) {
        return find(member).orElseThrow();
    }

    private static Optional<RecordMember> find(MemberScope<?, ?> member) {
        Class<?> owner = member.getDeclaringType().getErasedType();
        return !owner.isRecord()
                ? Optional.empty()
                : Arrays.stream(owner.getRecordComponents())
                        .filter(component -> component.getName().equals(member.getDeclaredName()))
                        .findFirst()
                        .map(RecordMember::new);
    }

    String wireName() {
        return property()
                .map(JsonProperty::value)
                .filter(name -> !name.isEmpty())
                .orElseGet(() -> NAMES.translate(component.getName()));
    }

    /** Returns the index of the member in declaration order. */
    int position() {
        return Arrays.asList(component.getDeclaringRecord().getRecordComponents())
                .indexOf(component);
    }

    /** Returns the first profile that has the member, or empty if all have it. */
    Optional<ApiProfile> addedIn() {
        return Optional.ofNullable(component.getAnnotation(AddedIn.class)).map(AddedIn::value);
    }

    /** Returns whether the value may be an explicit null. */
    boolean takesNull() {
        return component.isAnnotationPresent(NullAllowed.class)
                || component.getType() == Patch.class
                || (component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                        && !isOmittedIfNull());
    }

    /** Returns whether the member is always present. */
    boolean isRequired() {
        return !hasArgument() && defaultValue().isEmpty() && !isOmittedIfNull();
    }

    private boolean isOmittedIfNull() {
        JsonInclude include = component.getAccessor().getAnnotation(JsonInclude.class);
        return include != null && include.value() == JsonInclude.Include.NON_NULL;
    }

    /** Returns the declared default value, or empty if there is none. */
    Optional<JsonNode> defaultValue() {
        return property()
                .map(JsonProperty::defaultValue)
                .filter(json -> !json.isEmpty())
                .map(RecordMember::parse);
    }

    /**
     * Returns the type of the value, without a surrounding {@code Optional} or {@code Patch}; empty
     * if there is none around it.
     */
    Optional<Type> valueType() {
        return hasArgument() ? Optional.of(argument().getType()) : Optional.empty();
    }

    /** Returns the element that is annotated with the constraints of the value. */
    AnnotatedElement annotatedValue() {
        return hasArgument() ? argument() : component.getAccessor();
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException notJson) {
            throw new IllegalStateException("a default is not JSON: " + json, notJson);
        }
    }

    private boolean hasArgument() {
        return component.getType() == Optional.class || component.getType() == Patch.class;
    }

    private AnnotatedType argument() {
        return ((AnnotatedParameterizedType) component.getAnnotatedType())
                .getAnnotatedActualTypeArguments()[0];
    }

    private Optional<JsonProperty> property() {
        return Optional.ofNullable(component.getAccessor().getAnnotation(JsonProperty.class));
    }
}
