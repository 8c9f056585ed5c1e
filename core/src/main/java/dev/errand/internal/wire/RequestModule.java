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
import dev.errand.profile.ApiProfile;
import dev.errand.request.Patch;
import dev.errand.spi.JsonText;
import dev.errand.spi.task.ReportRelationship;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells Jackson how to bind request records: with the wire's coercions, collecting all problems.
 */
final class RequestModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    RequestModule(ApiProfile profile) {
        setDeserializers(new RequestDeserializers(profile));
        setDeserializerModifier(new RecordDeserializerModifier(profile));
    }

    private static final class RecordDeserializerModifier extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        private final ApiProfile profile;

        RecordDeserializerModifier(ApiProfile profile) {
            this.profile = profile;
        }

        @Override
        public JsonDeserializer<?> modifyDeserializer(
                DeserializationConfig config,
                BeanDescription description,
                JsonDeserializer<?> deserializer) {
            return description.getBeanClass().isRecord()
                            && deserializer instanceof BeanDeserializerBase bean
                    ? new RecordDeserializer(
                            description.getBeanClass(), bean.getValueInstantiator(), profile)
                    : deserializer;
        }
    }

    private static final class RequestDeserializers extends SimpleDeserializers {
        private static final long serialVersionUID = 1L;

        private final ApiProfile profile;

        RequestDeserializers(ApiProfile profile) {
            this.profile = profile;
            addDeserializer(String.class, new ValueDeserializer.OfText());
            addDeserializer(Long.class, new ValueDeserializer.OfInteger());
            addDeserializer(Boolean.class, new ValueDeserializer.OfBoolean());
            addDeserializer(UUID.class, new ValueDeserializer.OfUuid());
            addDeserializer(JsonText.class, new ValueDeserializer.OfJson());
            addDeserializer(
                    ReportRelationship.class, new ValueDeserializer.OfRelationship(profile));
        }

        @Override
        public JsonDeserializer<?> findEnumDeserializer(
                Class<?> type, DeserializationConfig config, BeanDescription description) {
            return new ValueDeserializer.OfChoice(type, profile);
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
