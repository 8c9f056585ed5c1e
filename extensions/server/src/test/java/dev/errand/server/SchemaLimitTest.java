package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Costly schemas against the real server (docs/wire/idempotency-and-limits.md#j35). */
class SchemaLimitTest {

    /** 180 bytes that are exponential in the depth of the output. */
    private static final String SCHEMA =
            """
            {"anyOf": [
                {"properties": {"a": {"$ref": "#"}}, "required": ["x"]},
                {"properties": {"a": {"$ref": "#"}}, "required": ["y"]}]}""";

    private static final String OUTPUT =
            "{\"output\": " + "{\"a\":".repeat(60) + "1" + "}".repeat(60) + "}";

    @TempDir Path folder;

    @Test
    void costlyValidationsAreRefusedAndHonestOnesAnswered() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder, List.of())) {
            ApiTestClient client = new ApiTestClient(server.url(), server.readToken());
            String costly = createRun(client, SCHEMA);
            String honest = createRun(client, "{\"type\": \"object\"}");
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<ApiTestClient.Reply>> refused = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    refused.add(threads.submit(() -> client.patch(costly, OUTPUT)));
                }
                assertThat(client.patch(honest, "{\"output\": {}}").status()).isEqualTo(200);
                for (Future<ApiTestClient.Reply> reply : refused) {
                    ApiTestClient.Reply actual = reply.get(1, TimeUnit.MINUTES);
                    assertThat(actual.status()).isEqualTo(400);
                    assertThat(actual.json().get("code").asText()).isEqualTo("output_invalid");
                    assertThat(actual.json().get("detail").asText())
                            .contains("more steps than are permitted");
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static String createRun(ApiTestClient client, String schema) throws IOException {
        String task =
                client.post("/api/projects/1/tasks/", "{\"json_schema\": " + schema + "}")
                        .ok()
                        .get("id")
                        .asText();
        String runs = "/api/projects/1/tasks/" + task + "/runs/";
        return runs + client.post(runs, "{}").ok().get("id").asText() + "/set_output/";
    }
}
