package dev.errand.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The metadata that editors read, and the table in docs/operations.md, describe every property. */
class PropertiesTest {

    @Test
    void everyPropertyIsDocumented() throws Exception {
        try (InputStream metadata =
                getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            JsonNode properties = new ObjectMapper().readTree(metadata).get("properties");
            List<String> rows =
                    StreamSupport.stream(properties.spliterator(), false)
                            .filter(it -> it.get("name").asText().startsWith("errand."))
                            .map(PropertiesTest::row)
                            .toList();

            assertThat(rows).hasSizeGreaterThan(25);
            assertThat(Files.readAllLines(Path.of("../../docs/operations.md"))).containsAll(rows);
        }
    }

    private static String row(JsonNode property) {
        String value = property.path("defaultValue").asText();
        return "| `%s` | %s | %s |"
                .formatted(
                        property.get("name").asText(),
                        value.isEmpty() ? "–" : "`" + value + "`",
                        property.get("description").asText());
    }
}
