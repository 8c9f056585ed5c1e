package dev.errand.internal.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.errand.internal.json.WireTime;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import java.io.IOException;
import java.time.Instant;

/** Tells Jackson how to write Errand's value types. */
final class ResponseModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    ResponseModule() {
        addSerializer(writing(JsonText.class, (json, out) -> out.writeRawValue(json.text())));
        addSerializer(writing(WireValue.class, (value, out) -> out.writeString(value.wire())));
        addSerializer(
                writing(Instant.class, (time, out) -> out.writeString(WireTime.format(time))));
    }

    @FunctionalInterface
    private interface Writer<T> {
        void write(T value, JsonGenerator out) throws IOException;
    }

    private static <T> StdSerializer<T> writing(Class<T> type, Writer<T> writer) {
        return new StdSerializer<>(type) {
            private static final long serialVersionUID = 1L;

            @Override
            public void serialize(T value, JsonGenerator out, SerializerProvider provider)
                    throws IOException {
                writer.write(value, out);
            }
        };
    }
}
