package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.Backend;
import dev.errand.spi.BackendException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calling a run off over the wire: each outcome, and what may be written after it (C§G3, A10). */
class CancellationTest {

    private static final FailingPorts STORAGE = new FailingPorts();
    private static final String CANCELLED = "{\"status\": \"cancelled\"}";

    private static Host host;
    private static Client rosa;

    private String task;
    private String run;

    @BeforeAll
    static void start() {
        host = Host.with().backend(backend -> STORAGE.before(Backend.class, backend)).start();
        rosa = host.rosa();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @BeforeEach
    void newRun() {
        task = Paths.newTask(rosa);
        String id = Paths.queued(rosa, task, "{}").get("id").asText();
        run = Paths.run(task, id);
    }

    @AfterEach
    void mend() {
        STORAGE.mend();
    }

    @Test
    void accepted() {
        JsonNode answer = rosa.patch(run, CANCELLED).isJson(200).json();

        assertThat(answer.get("status").asText()).isEqualTo("cancelled");
        assertThat(answer.get("completed_at").isNull()).isFalse();
        assertThat(rosa.get(run).json()).isEqualTo(answer);
    }

    @Test
    void alreadyCancelled() {
        JsonNode first = rosa.patch(run, CANCELLED).isJson(200).json();

        assertThat(rosa.patch(run, CANCELLED).isJson(200).json()).isEqualTo(first);
    }

    @Test
    void alreadyTerminal() {
        rosa.patch(run, "{\"status\": \"completed\"}").isJson(200);

        rosa.patch(run, CANCELLED)
                .isErrorTwice(
                        400,
                        "validation_error",
                        "invalid_status_transition",
                        "Cannot change status from completed to cancelled",
                        "status");
    }

    @Test
    void notFound() {
        String unknown = Paths.run(task, "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10");
        rosa.patch(unknown, CANCELLED).isNotFound();

        assertThat(rosa.delete(Paths.task(task)).status()).isEqualTo(204);
        rosa.patch(run, CANCELLED).isTaskNotFound();
    }

    @Test
    void unavailable() {
        STORAGE.failWith(
                "update", 0, BackendException.retryable("RunStore", "connection lost", null));

        rosa.patch(run, CANCELLED)
                .isError(500, "server_error", "error", "A server error occurred.", null);

        STORAGE.mend();
        assertThat(rosa.get(run).json().get("status").asText()).isEqualTo("queued");
        rosa.patch(run, CANCELLED).isJson(200);
    }

    @Test
    void aLateStatusIsRefusedAndTheRestIsKept() {
        rosa.patch(run, CANCELLED).isJson(200);

        rosa.patch(run, "{\"status\": \"in_progress\", \"branch\": \"late\"}")
                .isErrorTwice(
                        400,
                        "validation_error",
                        "invalid_status_transition",
                        "Cannot change status from cancelled to in_progress",
                        "status");
        rosa.patch(run, "{\"branch\": \"fix/cart\", \"state\": {\"turns\": 3}}").isJson(200);
        rosa.patch(run + "set_output/", "{\"output\": {\"files\": 3}}").isJson(200);
        rosa.post(run + "append_log/", "{\"entries\": [{\"late\": true}]}").isJson(200);

        JsonNode after = rosa.get(run).json();
        assertThat(after.get("status").asText()).isEqualTo("cancelled");
        assertThat(after.get("branch").asText()).isEqualTo("fix/cart");
        assertThat(after.at("/output/files").asInt()).isEqualTo(3);
        assertThat(after.at("/state/turns").asInt()).isEqualTo(3);
        assertThat(rosa.get(run + "logs/").text()).contains("\"late\"");
    }
}
