package dev.errand.benchmarks.request;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.spi.WireValue;

/** Jackson databind with the names of the wire, and with cached readers and writers. */
final class PlainJackson {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .addMixIn(WireValue.class, WireForm.class)
                    .build();

    static final ObjectReader CREATE_TASK = MAPPER.readerFor(CreateTaskBody.class);
    static final ObjectReader RUN_TASK = MAPPER.readerFor(RunTaskBody.class);
    static final ObjectWriter TASK = MAPPER.writerFor(TaskAnswer.class);

    private PlainJackson() {}

    /** Mix-in that reads and writes enum constants as their wire values. */
    private interface WireForm {
        @JsonValue
        String wire();
    }
}
