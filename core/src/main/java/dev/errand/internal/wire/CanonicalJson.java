package dev.errand.internal.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.errand.internal.json.Json;
import dev.errand.profile.ApiProfile;
import dev.errand.request.Patch;
import dev.errand.spi.WireValue;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The canonical JSON of request records, by which a repeated request is recognised
 * (docs/wire/idempotency-and-limits.md#j29): the members as on the wire, in alphabetical order,
 * without white space. Members that are absent or have their default are left out, so that requests
 * keep their canonical form when a later version adds optional members.
 *
 * <p>The canonical form contains secrets. It is hashed, and must not be stored or logged.
 */
public final class CanonicalJson {

    private static final JsonMapper MAPPER =
            JsonMapper.builder(Json.FACTORY)
                    .addModule(new ResponseModule(ApiProfile.V2026_09))
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(new OptionalSerializer())
                                    .addSerializer(new PatchSerializer())
                                    .setSerializerModifier(new OmitDefaults()))
                    .annotationIntrospector(new WithSecrets())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
                    .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
                    .build();

    private CanonicalJson() {}

    /** Returns the canonical JSON of a request, in UTF-8. */
    public static byte[] of(Record request) {
        try {
            return MAPPER.writeValueAsBytes(request);
        } catch (JsonProcessingException notWritable) {
            throw new IllegalArgumentException(
                    "no canonical form of " + request.getClass(), notWritable);
        }
    }

    /** Includes members that are accepted but never returned. */
    private static final class WithSecrets extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonProperty.@Nullable Access findPropertyAccess(Annotated member) {
            return null;
        }
    }

    private static final class OptionalSerializer extends StdSerializer<Optional<?>> {
        private static final long serialVersionUID = 1L;

        OptionalSerializer() {
            super(Optional.class, false);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Optional<?> value) {
            return value.isEmpty();
        }

        @Override
        public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            provider.defaultSerializeValue(value.orElse(null), out);
        }
    }

    private static final class PatchSerializer extends StdSerializer<Patch<?>> {
        private static final long serialVersionUID = 1L;

        PatchSerializer() {
            super(Patch.class, false);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Patch<?> value) {
            return !value.isPresent();
        }

        @Override
        public void serialize(Patch<?> value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            provider.defaultSerializeValue(value.value().orElse(null), out);
        }
    }

    /** Omits members whose value is their declared default. */
    private static final class OmitDefaults extends BeanSerializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public List<BeanPropertyWriter> changeProperties(
                SerializationConfig config,
                BeanDescription description,
                List<BeanPropertyWriter> members) {
            members.replaceAll(
                    member ->
                            member.getMetadata().getDefaultValue() == null
                                    ? member
                                    : new OmittedDefault(member));
            return members;
        }
    }

    private static final class OmittedDefault extends BeanPropertyWriter {
        private static final long serialVersionUID = 1L;

        OmittedDefault(BeanPropertyWriter member) {
            super(member);
        }

        @Override
        public void serializeAsField(Object request, JsonGenerator out, SerializerProvider provider)
                throws Exception {
            if (!isDefault(get(request))) {
                super.serializeAsField(request, out, provider);
            }
        }

        /** Empty texts and lists are omitted in any case. */
        private boolean isDefault(@Nullable Object value) {
            return value instanceof WireValue choice
                    && Json.quote(choice.wire()).text().equals(getMetadata().getDefaultValue());
        }
    }
}
