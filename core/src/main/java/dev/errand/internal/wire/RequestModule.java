package dev.errand.internal.wire;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.CollectionType;
import dev.errand.request.Patch;
import dev.errand.spi.JsonText;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells Jackson how to bind request records: with the wire's coercions, collecting all problems.
 */
final class RequestModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    RequestModule() {
        setDeserializers(new RequestDeserializers());
        setDeserializerModifier(new RecordDeserializerModifier());
    }

    private static final class RecordDeserializerModifier extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyDeserializer(
                DeserializationConfig config,
                BeanDescription description,
                JsonDeserializer<?> deserializer) {
            return description.getBeanClass().isRecord()
                            && deserializer instanceof BeanDeserializerBase bean
                    ? new RecordDeserializer(
                            description.getBeanClass(), bean.getValueInstantiator())
                    : deserializer;
        }
    }

    private static final class RequestDeserializers extends SimpleDeserializers {
        private static final long serialVersionUID = 1L;

        RequestDeserializers() {
            addDeserializer(String.class, new ValueDeserializer.OfText());
            addDeserializer(Long.class, new ValueDeserializer.OfInteger());
            addDeserializer(Boolean.class, new ValueDeserializer.OfBoolean());
            addDeserializer(UUID.class, new ValueDeserializer.OfUuid());
            addDeserializer(JsonText.class, new ValueDeserializer.OfJson());
        }

        @Override
        public JsonDeserializer<?> findEnumDeserializer(
                Class<?> type, DeserializationConfig config, BeanDescription description) {
            return new ValueDeserializer.OfChoice(type);
        }

        @Override
        public JsonDeserializer<?> findCollectionDeserializer(
                CollectionType type,
                DeserializationConfig config,
                BeanDescription description,
                TypeDeserializer elementTypes,
                JsonDeserializer<?> elements) {
            return new ContainerDeserializer.OfList(type, null);
        }

        @Override
        public JsonDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription description)
                throws com.fasterxml.jackson.databind.JsonMappingException {
            if (type.hasRawClass(Optional.class)) {
                return new ContainerDeserializer.OfOptional(type, null, false);
            }
            if (type.hasRawClass(Patch.class)) {
                return new ContainerDeserializer.OfPatch(type, null);
            }
            return super.findBeanDeserializer(type, config, description);
        }
    }
}
