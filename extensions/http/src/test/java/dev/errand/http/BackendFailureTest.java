package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.spi.PortException;
import dev.errand.spi.PortUnavailableException;
import dev.errand.spi.artifact.DownloadPolicy;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.store.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Responses and log entries when a backend or an authenticator fails (docs/wire/errors.md#c3, #c5,
 * docs/wire/guarantees.md#j26).
 */
class BackendFailureTest {

    private static final String SECRET = "planted-secret";
    private static final String STORAGE_UNAVAILABLE =
            "The storage is temporarily unavailable. Try again later.";

    private static final FailingPorts STORAGE = new FailingPorts();
    private static final FailingPorts OBJECTS = new FailingPorts();

    @RegisterExtension
    static final Host host =
            Host.with()
                    .backend(backend -> STORAGE.wrap(Backend.class, backend))
                    .objects(objects -> OBJECTS.wrap(LocalObjectStore.class, objects))
                    .start();

    private static final Client rosa = host.rosa();
    private static String task;
    private static String run;

    static List<Throwable> failures() {
        return List.of(
                PortException.retryable("RunStore", "connection lost", new IOException("gone")),
                PortException.permanent("RunStore", "corrupt row"),
                new IllegalStateException("bug with " + SECRET, new IOException(SECRET)),
                new StackOverflowError());
    }

    @BeforeAll
    static void start() {
        task = Paths.newTask(rosa);
        run = Paths.newRun(rosa, task, "{\"environment\": \"cloud\"}");
    }

    @AfterEach
    void recover() {
        STORAGE.recover();
        OBJECTS.recover();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyOperationAnswersAFailureWithoutDetails(Throwable failure) {
        STORAGE.failWith(failure);
        for (ApiOperation operation : ApiOperation.all(task, run)) {
            if (operation.name().equals("cancel run")) {
                continue; // Has an answer of its own (docs/wire/runs.md#l2).
            }
            try (CapturedLog log = new CapturedLog()) {
                Reply reply = operation.send(rosa, operation.body(), "application/json");

                if (failure instanceof PortUnavailableException) {
                    unavailable(reply, STORAGE_UNAVAILABLE, "1");
                } else {
                    reply.isError(500, "server_error", "error", "A server error occurred.", null);
                    assertThat(reply.header("Retry-After")).isEmpty();
                }
                String id = reply.header("X-Request-Id");
                assertThat(id).hasSize(36);
                assertThat(log.text())
                        .contains(id)
                        .contains(operation.method())
                        .contains("/api/projects/{project}/tasks/")
                        .contains(failure.getClass().getSimpleName())
                        .contains("at dev.errand")
                        .doesNotContain(task)
                        .doesNotContain(SECRET)
                        .doesNotContain(Tokens.ROSA);
            }
        }
        STORAGE.recover();
        rosa.get(Paths.task(task)).isJson(200);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "1000, 1", "1001, 2", "60000, 60"})
    void theTimeToWaitIsRoundedUpToSeconds(long millis, String header) {
        STORAGE.failWith(
                PortException.retryable(
                        "TaskStore", "restarting", new IOException(), Duration.ofMillis(millis)));

        unavailable(rosa.get(Paths.task(task)), STORAGE_UNAVAILABLE, header);
    }

    @Test
    void aStorageFailureIsLoggedWithItsMessage() {
        STORAGE.failWith(failures().get(0));
        try (CapturedLog log = new CapturedLog()) {
            rosa.get(Paths.task(task)).isEnvelope();

            assertThat(log.text()).contains("RunStore: connection lost").contains("gone");
        }
    }

    @Test
    void aFailingAuthenticatorIsAnsweredAsAServerError() {
        Authenticator failing =
                Authenticator.ofBearerTokens(
                        token -> {
                            throw new IllegalArgumentException("cannot read " + token);
                        });
        try (Host other = Host.with().authenticator(failing).start();
                CapturedLog log = new CapturedLog()) {
            other.client(SECRET)
                    .get(Paths.TASKS)
                    .isError(500, "server_error", "error", "A server error occurred.", null);

            assertThat(log.text()).contains("IllegalArgumentException").doesNotContain(SECRET);
        }
    }

    @Test
    void callerErrorsAreNotLogged() {
        try (CapturedLog log = new CapturedLog()) {
            rosa.post(Paths.TASKS, "{").isEnvelope();
            rosa.get("/").isEnvelope();
            rosa.as("x").get(Paths.TASKS).isEnvelope();
            rosa.send("PUT", Paths.TASKS, "").isEnvelope();

            assertThat(log.text()).isEmpty();
        }
    }

    @Test
    void aFailingObjectStoreIsAnsweredAsUnavailable() {
        JsonNode prepared = prepare().isJson(200).json().at("/artifacts/0");
        JsonNode form = prepared.get("presigned_post");
        String link =
                host.objects()
                        .downloadUrl(
                                AcmeDirectory.ACME,
                                new DownloadPolicy(
                                        prepared.get("storage_path").asText(),
                                        "a",
                                        "",
                                        host.clock().instant().plus(Duration.ofHours(1))))
                        .toString();
        OBJECTS.failWith(PortException.retryable("ObjectStore", "disk gone"));
        try (CapturedLog log = new CapturedLog()) {
            unavailable(prepare(), "Unable to generate upload URL", "1");
            unavailable(
                    new Multipart()
                            .fields(form.get("fields"))
                            .file("", new byte[1])
                            .post(rosa, form.get("url").asText()),
                    "Unable to store artifact",
                    "1");
            unavailable(rosa.as(null).get(link), "Unable to read artifact", "1");

            assertThat(log.text())
                    .contains("disk gone")
                    .contains("POST /_objects ")
                    .contains("GET /_objects/{link} ")
                    .doesNotContain(form.get("fields").get("signature").asText());
        }
    }

    @Test
    void aFailedCancellationLeavesTheRunAsItWas() {
        String path = Paths.run(task, Paths.queued(rosa, task, "{}").get("id").asText());
        STORAGE.failWith("update", 0, PortException.retryable("RunStore", "connection lost"));

        unavailable(rosa.patch(path, "{\"status\": \"cancelled\"}"), STORAGE_UNAVAILABLE, "1");
        Reply reply = rosa.post(path + "cancel/", "");
        reply.isErrorWithErrorMember(
                503,
                "server_error",
                "unavailable",
                "Could not reach the run's workflow; try again",
                null);
        assertThat(reply.header("Retry-After")).isEqualTo("1");

        STORAGE.recover();
        assertThat(rosa.get(path).json().get("status").asText()).isEqualTo("queued");
    }

    @Test
    void aLogThatFailsAtFirstReadIsAnsweredAsAServerError() {
        STORAGE.failWith("read", 0, PortException.permanent("RunLog", "bad page"));
        try (CapturedLog log = new CapturedLog()) {
            for (String path : new String[] {"logs/", "session_logs/"}) {
                rosa.get(Paths.run(task, run) + path)
                        .isError(500, "server_error", "error", "A server error occurred.", null);
            }
            assertThat(log.text()).contains("bad page");
        }
    }

    @Test
    void aLogThatFailsWhileStreamingIsNotEndedNormally() {
        String entry = "{\"text\":\"" + "x".repeat(1_000) + "\"}";
        String entries =
                IntStream.range(0, 500).mapToObj(i -> entry).collect(Collectors.joining(","));
        rosa.post(Paths.run(task, run) + "append_log/", "{\"entries\": [" + entries + "]}")
                .isJson(200);
        STORAGE.failWith("read", 1, PortException.permanent("RunLog", "bad page"));
        try (CapturedLog log = new CapturedLog()) {
            assertThatThrownBy(() -> rosa.get(Paths.run(task, run) + "logs/"))
                    .isInstanceOf(UncheckedIOException.class);

            assertThat(log.text()).contains("bad page");
        }
        STORAGE.recover();
        assertThat(rosa.get(Paths.run(task, run) + "logs/").text().lines()).hasSize(500);
    }

    private static Reply prepare() {
        return rosa.post(
                Paths.task(task) + "staged_artifacts/prepare_upload/",
                "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\", \"size\": 1}]}");
    }

    private static void unavailable(Reply reply, String detail, String retryAfter) {
        reply.isErrorWithErrorMember(503, "server_error", "storage_unavailable", detail, null);
        assertThat(reply.header("Retry-After")).isEqualTo(retryAfter);
        assertThat(reply.header("X-Request-Id")).hasSize(36);
    }
}
