package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The operator page of a server, and the description of the queue that it shows. */
class OperatorPageTest {

    private static final ServerOptions ANY_PORT = ServerOptions.DEFAULT.withPort(0);

    private static ApiTestClient.Reply follow(ErrandServer server, String path) throws IOException {
        return ApiTestClient.of(server).follow(server.url().resolve(path).toString());
    }

    @Test
    void pageIsReadOnlyByDefault() throws IOException {
        try (ErrandServer server = ErrandServer.start(ANY_PORT)) {
            ApiTestClient.Reply page = follow(server, "/ui/");

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text()).contains("<title>Errand</title>");
            assertThat(follow(server, "/ui/options.json").json().get("actions").booleanValue())
                    .isFalse();
            ApiTestClient.Reply missing = follow(server, "/ui/nowhere");
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.json().get("code").textValue()).isEqualTo("not_found");
            for (ApiTestClient.Reply reply : new ApiTestClient.Reply[] {page, missing}) {
                assertThat(reply.response().headers().firstValue("Content-Security-Policy"))
                        .isPresent();
            }
        }
    }

    @Test
    void pageCanOfferActionsOrBeLeftOut() throws IOException {
        try (ErrandServer server =
                ErrandServer.start(ANY_PORT.withOperatorPage(OperatorPage.ACTIONS))) {
            assertThat(follow(server, "/ui/options.json").json().get("actions").booleanValue())
                    .isTrue();
        }
        try (ErrandServer server =
                ErrandServer.start(ANY_PORT.withOperatorPage(OperatorPage.NONE))) {
            assertThat(follow(server, "/ui/").status()).isEqualTo(404);
        }
    }

    @Test
    void queueIsDescribedToReadersOfTheProject() throws IOException {
        try (ErrandServer server = ErrandServer.start(ANY_PORT)) {
            ApiTestClient api = ApiTestClient.of(server);
            String path = "/_describe/projects/@current/queue";
            assertThat(api.get(path).ok())
                    .isEqualTo(
                            ApiTestClient.json(
                                    """
                                    {"waiting": 0, "waiting_since": null, "age_seconds": null,
                                     "unattended": 0}"""));
            api.run(api.createTask("wait"), "");

            JsonNode queue = api.get(path).ok();
            assertThat(queue.get("waiting").intValue()).isEqualTo(1);
            assertThat(queue.get("waiting_since").isTextual()).isTrue();
            assertThat(queue.get("age_seconds").intValue()).isNotNegative();
            assertThat(api.get(path.replace("@current", "2")).status()).isEqualTo(404);
            assertThat(new ApiTestClient(server.url(), "unknown-token").get(path).status())
                    .isEqualTo(401);
        }
    }
}
