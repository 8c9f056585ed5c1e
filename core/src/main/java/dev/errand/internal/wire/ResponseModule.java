package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializerBase;
import dev.errand.internal.json.WireTime;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import java.io.IOException;
import java.time.Instant;

/** Tells Jackson how to write Errand's value types. */
final class ResponseModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    ResponseModule() {
        addSerializer(new JsonTextSerializer());
        addSerializer(WireValue.class, new WireValueSerializer());
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

    private static final class WireValueSerializer extends ToStringSerializerBase {
        private static final long serialVersionUID = 1L;

        WireValueSerializer() {
            super(WireValue.class);
        }

        @Override
        public String valueToString(Object value) {
            return ((WireValue) value).wire();
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
