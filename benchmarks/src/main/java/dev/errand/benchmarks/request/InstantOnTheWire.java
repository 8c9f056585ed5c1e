package dev.errand.benchmarks.request;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.errand.internal.json.WireTime;
import java.io.IOException;
import java.time.Instant;

/** Formats instants with the code of Errand, so that all candidates format them equally fast. */
final class InstantOnTheWire extends StdScalarSerializer<Instant> {

    private static final long serialVersionUID = 1L;

    InstantOnTheWire() {
        super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
            throws IOException {
        out.writeString(WireTime.format(value));
    }
}
