package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.profile.ApiProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenApiDocumentTest {

    @RegisterExtension static final Host HOST = Host.started();

    @Test
    void everyRouteHasADescriptionAndEveryDescriptionARoute() {
        List<String> routes =
                Routes.all().stream()
                        .flatMap(
                                route ->
                                        route.methods().keySet().stream()
                                                .map(it -> it + ' ' + route.pattern().text()))
                        .toList();

        assertThat(OperationDescriptions.ALL)
                .extracting(it -> it.method() + ' ' + it.path())
                .containsExactlyInAnyOrderElementsOf(routes);
    }

    @ParameterizedTest
    @EnumSource
    void operationIdsAreUniqueAndReferencesResolve(ApiProfile profile) throws IOException {
        JsonNode document = Reply.json(OpenApiDocument.of(profile));
        Path file = Path.of("target", "openapi-" + profile.wire() + ".json");
        Files.writeString(file, OpenApiDocument.of(profile));

        List<JsonNode> ids = document.findValues("operationId");
        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
        Set<String> references = new HashSet<>(document.findValuesAsText("$ref"));
        assertThat(references)
                .allSatisfy(it -> assertThat(document.at(it.substring(1)).isObject()).isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void routesWithABodyHaveASchemaOfIt(ApiProfile profile) {
        JsonNode document = Reply.json(OpenApiDocument.of(profile));

        assertThat(Routes.all())
                .allSatisfy(
                        route ->
                                route.methods()
                                        .forEach((name, method) -> hasBody(document, route, name)));
    }

    private static void hasBody(JsonNode document, Route route, String name) {
        JsonNode operation =
                document.get("paths")
                        .get(route.pattern().text().replaceAll("\\{(\\w+)}", "{$1_id}"))
                        .get(name.toLowerCase(java.util.Locale.ROOT));
        assertThat(operation.has("requestBody"))
                .as(route.pattern().text())
                .isEqualTo(route.method(name).orElseThrow().body() != BodyKind.NONE);
    }

    @Test
    void laterProfilesHaveMembersThatEarlierOnesDoNotHave() {
        String member = "/components/schemas/Artifact/properties/metadata";

        assertThat(Reply.json(OpenApiDocument.of(ApiProfile.V2026_05)).at(member).isMissingNode())
                .isTrue();
        assertThat(Reply.json(OpenApiDocument.of(ApiProfile.V2026_09)).at(member).isObject())
                .isTrue();
    }

    @Test
    void theDocumentIsServedWithoutCredentials() {
        Reply reply = HOST.client(null).get("/api/schema/").isJson(200);

        assertThat(reply.text()).isEqualTo(OpenApiDocument.of(ApiProfile.V2026_05));
    }

    @Test
    void theDocumentCanOnlyBeRead() {
        Reply reply = HOST.client(null).post("/api/schema/", "{}").isEnvelope();

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("GET, HEAD");
    }
}
