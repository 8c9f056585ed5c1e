package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import dev.errand.error.ErrorCode;
import dev.errand.internal.constraints.NullAllowed;
import dev.errand.internal.json.Json;
import dev.errand.request.Patch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a container of values of one type. */
abstract class ContainerDeserializer<T> extends ValueDeserializer<T>
        implements ContextualDeserializer {

    private static final long serialVersionUID = 1L;

    private final JavaType type;

    /** Reads the contained values; null before the deserializer is contextualised. */
    private final transient @Nullable JsonDeserializer<Object> content;

    ContainerDeserializer(JavaType type, @Nullable JsonDeserializer<Object> content) {
        super(type.getRawClass());
        this.type = type;
        this.content = content;
    }

    @Override
    public JsonDeserializer<?> createContextual(
            DeserializationContext context, @Nullable BeanProperty property)
            throws JsonMappingException {
        return with(
                type,
                context.findContextualValueDeserializer(type.containedType(0), null),
                property != null && property.getAnnotation(NullAllowed.class) != null);
    }

    abstract ContainerDeserializer<T> with(
            JavaType type, JsonDeserializer<Object> content, boolean isNullAllowed);

    @Nullable Object readContent(JsonParser parser, DeserializationContext context)
            throws IOException {
        JsonDeserializer<Object> reader = Objects.requireNonNull(content, "not contextualised");
        return parser.currentToken() == JsonToken.VALUE_NULL
                ? reader.getNullValue(context)
                : reader.deserialize(parser, context);
    }

    /**
     * A list. The items are at {@code attr__index} (docs/wire/errors.md#c4); null takes the
     * position of an item that could not be read.
     */
    static final class OfList extends ContainerDeserializer<List<Object>> {
        private static final long serialVersionUID = 1L;

        OfList(JavaType type, @Nullable JsonDeserializer<Object> content) {
            super(type, content);
        }

        @Override
        OfList with(JavaType type, JsonDeserializer<Object> content, boolean isNullAllowed) {
            return new OfList(type, content);
        }

        @Override
        public @Nullable List<Object> deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                return reject(
                        parser,
                        context,
                        ErrorCode.NOT_A_LIST,
                        "Expected a list of items but got type \""
                                + Json.typeName(parser.currentToken())
                                + "\".");
            }
            List<Object> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(readContent(parser, context));
            }
            return items;
        }
    }

    /** A member that may be absent, and that may be null if it is marked so. */
    static final class OfOptional extends ContainerDeserializer<Optional<Object>> {
        private static final long serialVersionUID = 1L;

        private final boolean isNullAllowed;

        OfOptional(
                JavaType type, @Nullable JsonDeserializer<Object> content, boolean isNullAllowed) {
            super(type, content);
            this.isNullAllowed = isNullAllowed;
        }

        @Override
        OfOptional with(JavaType type, JsonDeserializer<Object> content, boolean isNullAllowed) {
            return new OfOptional(type, content, isNullAllowed);
        }

        @Override
        public Optional<Object> deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            return Optional.ofNullable(readContent(parser, context));
        }

        @Override
        public Optional<Object> getNullValue(DeserializationContext context) {
            if (!isNullAllowed) {
                super.getNullValue(context);
            }
            return Optional.empty();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }
    }

    /** A member for which absent and null mean different things. */
    static final class OfPatch extends ContainerDeserializer<Patch<Object>> {
        private static final long serialVersionUID = 1L;

        OfPatch(JavaType type, @Nullable JsonDeserializer<Object> content) {
            super(type, content);
        }

        @Override
        OfPatch with(JavaType type, JsonDeserializer<Object> content, boolean isNullAllowed) {
            return new OfPatch(type, content);
        }

        @Override
        public Patch<Object> deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            Object value = readContent(parser, context);
            return value == null ? Patch.absent() : Patch.set(value);
        }

        @Override
        public Patch<Object> getNullValue(DeserializationContext context) {
            return Patch.clear();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Patch.absent();
        }
    }
}
