package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The {@code Idempotency-Key} header of the operations that support it
 * (docs/wire/idempotency-and-limits.md#j29).
 */
class IdempotencyKeyTest {

    private static final String KEY = "Idempotency-Key";

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    @Test
    void createTaskReturnsTheFirstResponse() {
        Reply first = rosa.post(Paths.TASKS, "{\"title\": \"A\"}", KEY, "create");
        host.clock().advance(Duration.ofHours(1));
        Reply again = rosa.post(Paths.TASKS, "{\"title\": \" A \"}", KEY, "create");

        assertThat(again.isJson(201).json()).isEqualTo(first.isJson(201).json());
        conflict(rosa.post(Paths.TASKS, "{\"title\": \"B\"}", KEY, "create"));
        Reply tom = host.client(Tokens.TOM).post(Paths.TASKS, "{\"title\": \"A\"}", KEY, "create");
        assertThat(tom.isJson(201).json().get("id")).isNotEqualTo(first.json().get("id"));
        host.clock().advance(Duration.ofHours(24));
        Reply later = rosa.post(Paths.TASKS, "{\"title\": \"A\"}", KEY, "create");
        assertThat(later.isJson(201).json().get("id")).isNotEqualTo(first.json().get("id"));
    }

    @Test
    void runTaskCreatesOneRun() {
        String path = Paths.task(Paths.newTask(rosa));

        JsonNode first = rosa.post(path + "run/", "{}", KEY, "run").isJson(200).json();
        JsonNode again = rosa.post(path + "run/", "", KEY, "run").isJson(200).json();

        assertThat(again.get("latest_run")).isEqualTo(first.get("latest_run"));
        conflict(rosa.post(path + "run/", "{\"branch\": \"b\"}", KEY, "run"));
        assertThat(rosa.get(path + "runs/").json().get("count").asInt()).isEqualTo(1);
        String other = Paths.task(Paths.newTask(rosa));
        rosa.post(other + "run/", "{}", KEY, "run").isJson(200);
    }

    @Test
    void createRunCreatesOneRun() {
        String path = Paths.runs(Paths.newTask(rosa));

        JsonNode first = rosa.post(path, "{}", KEY, "create").isJson(201).json();
        JsonNode again = rosa.post(path, "{}", KEY, "create").isJson(201).json();

        assertThat(again).isEqualTo(first);
        conflict(rosa.post(path, "{\"mode\": \"interactive\"}", KEY, "create"));
        assertThat(rosa.get(path).json().get("count").asInt()).isEqualTo(1);
    }

    @Test
    void startRunReturnsTheFirstResponse() {
        String task = Paths.newTask(rosa);
        String path =
                Paths.run(task, Paths.newRun(rosa, task, "{\"environment\": \"cloud\"}"))
                        + "start/";

        JsonNode first =
                rosa.post(path, "{\"pending_user_message\": \"m\"}", KEY, "start")
                        .isJson(200)
                        .json();
        JsonNode again =
                rosa.post(path, "{\"pending_user_message\": \"m\"}", KEY, "start")
                        .isJson(200)
                        .json();

        assertThat(again.get("latest_run")).isEqualTo(first.get("latest_run"));
        conflict(rosa.post(path, "{\"pending_user_message\": \"n\"}", KEY, "start"));
    }

    @Test
    void appendLogStoresEntriesOnce() {
        String task = Paths.newTask(rosa);
        String path = Paths.run(task, Paths.newRun(rosa, task));

        rosa.post(path + "append_log/", "{\"entries\": [{\"n\": 1}]}", KEY, "log").isJson(200);
        rosa.post(path + "append_log/", "{\"entries\": [{\"n\": 1}]}", KEY, "log").isJson(200);

        conflict(rosa.post(path + "append_log/", "{\"entries\": [{\"n\": 2}]}", KEY, "log"));
        assertThat(rosa.get(path + "logs/").text()).isEqualTo("{\"n\":1}\n");
    }

    @Test
    void aKeyHasOneTo255Characters() {
        rosa.post(Paths.TASKS, "{}", KEY, "k".repeat(255)).isJson(201);
        rosa.post(Paths.TASKS, "{}", KEY, "k".repeat(256))
                .isInvalid("invalid_input", "Idempotency-Key must have 1 to 255 characters.", null);
    }

    @Test
    void otherOperationsIgnoreTheKey() {
        String path = Paths.task(Paths.newTask(rosa));

        rosa.send("PATCH", path, "{\"title\": \"A\"}", KEY, "same").isJson(200);
        Reply reply = rosa.send("PATCH", path, "{\"title\": \"B\"}", KEY, "same").isJson(200);

        assertThat(reply.json().get("title").asText()).isEqualTo("B");
    }

    private static void conflict(Reply reply) {
        reply.isInvalid(
                "idempotency_conflict",
                "Idempotency-Key was already used with a different request",
                null);
    }
}
