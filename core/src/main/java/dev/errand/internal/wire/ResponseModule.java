package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializerBase;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.json.WireTime;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Tells Jackson how to write Errand's value types in one profile. */
final class ResponseModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    ResponseModule(ApiProfile profile) {
        addSerializer(new JsonTextSerializer());
        addSerializer(WireValue.class, new WireValueSerializer(profile));
        setSerializerModifier(new OmitLaterMembers(profile));
        addSerializer(Instant.class, new InstantSerializer());
    }

    private static final class JsonTextSerializer extends StdSerializer<JsonText> {
        private static final long serialVersionUID = 1L;

        JsonTextSerializer() {
            super(JsonText.class);
        }

        @Override
        public void serialize(JsonText json, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            out.writeRawValue(json.text());
        }
    }

    /** Writes null in place of a value that the profile does not have. */
    private static final class WireValueSerializer extends StdSerializer<WireValue> {
        private static final long serialVersionUID = 1L;

        private final ApiProfile profile;

        WireValueSerializer(ApiProfile profile) {
            super(WireValue.class);
            this.profile = profile;
        }

        @Override
        public void serialize(WireValue value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            if (profile.knows(value)) {
                out.writeString(value.wire());
            } else {
                out.writeNull();
            }
        }
    }

    private static final class OmitLaterMembers extends BeanSerializerModifier {
        private static final long serialVersionUID = 1L;

        private final ApiProfile profile;

        OmitLaterMembers(ApiProfile profile) {
            this.profile = profile;
        }

        @Override
        public List<BeanPropertyWriter> changeProperties(
                SerializationConfig config,
                BeanDescription description,
                List<BeanPropertyWriter> members) {
            members.removeIf(
                    member -> {
                        AddedIn added = member.getAnnotation(AddedIn.class);
                        return added != null && !profile.includes(added.value());
                    });
            return members;
        }
    }

    private static final class InstantSerializer extends ToStringSerializerBase {
        private static final long serialVersionUID = 1L;

        InstantSerializer() {
            super(Instant.class);
        }

        @Override
        public String valueToString(Object time) {
            return WireTime.format((Instant) time);
        }
    }
}
