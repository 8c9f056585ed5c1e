package dev.errand.http.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.profile.ApiProfile;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestSchemasTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String BOOTSTRAP = "TaskRunBootstrapCreateRequest";

    @Test
    void generatedBootstrapSchemaEqualsThePublishedOne() throws IOException {
        JsonNode published = published(BOOTSTRAP);

        assertThat(generated(BOOTSTRAP)).isEqualTo(published);
    }

    @Test
    void membersAndEnumsAreInThePublishedOrder() throws IOException {
        JsonNode published = published(BOOTSTRAP);

        // Comparing JSON trees would ignore the order.
        assertThat(generated(BOOTSTRAP).toPrettyString()).isEqualTo(published.toPrettyString());
    }

    @Test
    void constraintsOfListElementsApplyToTheElements() throws IOException {
        JsonNode ids =
                generated("TaskRunCreateRequest").at("/properties/pending_user_artifact_ids");

        assertThat(ids)
                .isEqualTo(
                        MAPPER.readTree(
                                """
                                {"type": "array", "default": [],
                                 "items": {"type": "string", "maxLength": 128}}
                                """));
    }

    @Test
    void uninterpretedJsonHasNoType() throws IOException {
        assertThat(generated("TaskCreateRequest").at("/properties/json_schema"))
                .isEqualTo(MAPPER.readTree("{\"nullable\": true}"));
    }

    @Test
    void laterValuesAreInTheSchemaOfTheirProfileUnlessTheyAreReserved() throws IOException {
        JsonNode origins =
                generated("TaskCreateRequest", ApiProfile.V2026_09)
                        .at("/components/schemas/OriginProductEnum/enum");
        JsonNode sources =
                generated(BOOTSTRAP, ApiProfile.V2026_09)
                        .at("/components/schemas/RunSourceEnum/enum");

        assertThat(origins.toString()).contains("\"loop\"").doesNotContain("\"workflow\"");
        assertThat(sources)
                .isEqualTo(MAPPER.readTree("[\"manual\", \"signal_report\", \"agent\"]"));
    }

    @ParameterizedTest
    @EnumSource
    void everyReferenceResolvesToAComponent(ApiProfile profile) throws IOException {
        for (String name : RequestSchemas.names()) {
            JsonNode schema = generated(name, profile);
            for (JsonNode reference : schema.findValues("$ref")) {
                String pointer = reference.textValue().substring(1);
                assertThat(schema.at(pointer).isObject()).as(name + pointer).isTrue();
            }
        }
    }

    @Test
    void unknownNameHasNoSchema() {
        assertThat(RequestSchemas.find("Nothing", ApiProfile.V2026_05)).isEmpty();
    }

    private static JsonNode generated(String name) throws JsonProcessingException {
        return generated(name, ApiProfile.V2026_05);
    }

    private static JsonNode generated(String name, ApiProfile profile)
            throws JsonProcessingException {
        return MAPPER.readTree(RequestSchemas.find(name, profile).orElseThrow());
    }

    private static JsonNode published(String name) throws IOException {
        String file = name + ".schema.json";
        try (InputStream json = RequestSchemasTest.class.getResourceAsStream(file)) {
            return MAPPER.readTree(json);
        }
    }
}
