package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that arrive slowly hold no thread, and end (docs/wire/idempotency-and-limits.md#j21). */
class SlowBodiesTest {

    private static final int THREADS = 8;
    private static final Duration BEFORE_ANY_BODY_ENDS = Duration.ofSeconds(8);
    private static final String FORM = "multipart/form-data; boundary=x";

    @RegisterExtension
    static final Host host =
            Host.with()
                    .threads(THREADS)
                    .servlet(s -> s.trafficLimits(TrafficLimits.DEFAULT.withUploads(1)))
                    .start();

    @RegisterExtension
    static final Host strict =
            Host.with()
                    .servlet(
                            servlet ->
                                    servlet.trafficLimits(
                                            TrafficLimits.DEFAULT.withBodyDeadline(
                                                    Duration.ofSeconds(1))))
                    .start();

    private final List<OpenRequest> open = new ArrayList<>();

    @AfterEach
    void closeConnections() {
        open.forEach(OpenRequest::close);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/projects/7/tasks/, planted-rosa-everything, application/json",
        "/api/projects/7/tasks/, an-unknown-token, application/json",
        "/api/projects/7/tasks/, planted-rosa-everything, text/plain",
        "/api/projects/7/unknown/, planted-rosa-everything, application/json",
        "/_objects, , multipart/form-data; boundary=x",
        "/_objects, , application/json"
    })
    void connectionsThatDripBodiesDoNotStopOthers(String path, String token, String type) {
        for (int i = 0; i < 4 * THREADS; i++) {
            open.add(new OpenRequest(host.url(), path, token, type, 100_000).send("{"));
        }
        Reply reply =
                host.client(Tokens.TOM)
                        .send(
                                host.client(Tokens.TOM)
                                        .request(Paths.TASKS)
                                        .timeout(BEFORE_ANY_BODY_ENDS)
                                        .GET());

        reply.isJson(200);
    }

    @Test
    void aBodyThatArrivesInPiecesIsRead() {
        String json = "{\"title\": \"" + "t".repeat(200) + "\"}";
        OpenRequest request =
                open(
                        new OpenRequest(
                                host.url(),
                                Paths.TASKS,
                                Tokens.ROSA,
                                "application/json",
                                json.length()));
        for (int i = 0; i < json.length(); i++) {
            request.send(json.substring(i, i + 1));
        }

        assertThat(request.reply().isJson(201).json().get("title").asText()).hasSize(200);
    }

    @Test
    void aLargeBodyInPiecesIsRead() {
        Client rosa = host.rosa();
        String task = Paths.newTask(rosa);
        String run = Paths.newRun(rosa, task);
        String entry = "{\"text\": \"" + "ü€".repeat(40_000) + "\"}";
        String json = "{\"entries\": [" + entry + "," + entry + "]}";

        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        OpenRequest request =
                open(
                        new OpenRequest(
                                host.url(),
                                Paths.run(task, run) + "append_log/",
                                Tokens.ROSA,
                                "application/json",
                                bytes.length));
        for (int i = 0; i < bytes.length; i += 50_000) {
            request.send(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + 50_000)));
        }

        request.reply().isJson(200);
        assertThat(rosa.get(Paths.run(task, run) + "logs/").text().lines())
                .containsExactly(entry.replace(": ", ":"), entry.replace(": ", ":"));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/projects/7/tasks/, planted-rosa-everything, application/json",
        "/_objects, , multipart/form-data; boundary=x"
    })
    void aBodyThatIsNotCompleteAtItsDeadlineIsRejected(String path, String token, String type) {
        OpenRequest request =
                open(new OpenRequest(strict.url(), path, token, type, 1000).send("{"));

        request.reply()
                .isError(
                        408,
                        "invalid_request",
                        "request_timeout",
                        "The request body arrived too slowly.",
                        null);
    }

    @Test
    void aBodyForWhichThereIsNoMemoryIsRejectedBeforeItIsRead() {
        String path = Paths.run(Paths.MISSING, Paths.MISSING) + "append_log/";
        try (Host small =
                Host.with()
                        .servlet(
                                servlet ->
                                        servlet.trafficLimits(
                                                TrafficLimits.DEFAULT.withBodyMemory(1024 * 1024)))
                        .start()) {
            OpenRequest first = open(OpenRequest.json(small.url(), path, Tokens.ROSA, 200_000));
            Reply second = small.client(Tokens.TOM).post(path, " ".repeat(100_000));
            second.isError(
                    503,
                    "server_error",
                    "overloaded",
                    "The server is busy. Try again later.",
                    null);
            assertThat(second.header("Retry-After")).isEqualTo("1");
            small.client(Tokens.TOM)
                    .post(path, " ".repeat(300_000))
                    .isError(
                            413,
                            "invalid_request",
                            "request_too_large",
                            "The request body is larger than the 262144 bytes for which this server has memory.",
                            null);
            Paths.newTask(small.client(Tokens.TOM));

            first.send(" ".repeat(199_998) + "}").reply().isEnvelope();
            // The memory is released soon after the response was sent.
            Reply third = second;
            for (int i = 0; i < 1_000 && third.status() == 503; i++) {
                third = small.client(Tokens.TOM).post(path, " ".repeat(100_000));
            }
            third.isInvalid("required", "This field is required.", "entries");
        }
    }

    @Test
    void theOldestBodyOfACallerGivesWayIfItHasTooMany() {
        try (Host limited =
                Host.with()
                        .servlet(s -> s.trafficLimits(TrafficLimits.DEFAULT.withBodies(20)))
                        .start()) {
            OpenRequest first = open(OpenRequest.json(limited.url(), Paths.TASKS, Tokens.ROSA, 9));
            OpenRequest last = first;
            // Bodies are counted soon after the server begins to read them.
            for (int i = 0; i < 100 && !first.isAnswered(); i++) {
                last = open(OpenRequest.json(limited.url(), Paths.TASKS, Tokens.ROSA, 9));
            }

            Reply evicted = first.reply();

            evicted.isError(
                    429,
                    "invalid_request",
                    "too_many_requests",
                    "More than 2 bodies at the same time. Try again later.",
                    null);
            assertThat(evicted.header("Retry-After")).isEqualTo("1");
            last.send("       }").reply().isJson(201);
        }
    }

    @Test
    void clientsThatDoNotReadTheirResponsesDoNotStopOthers() {
        try (Host limited =
                Host.with()
                        .threads(THREADS)
                        .servlet(s -> s.trafficLimits(TrafficLimits.DEFAULT.withStreams(4)))
                        .start()) {
            Client rosa = limited.rosa();
            String task = Paths.newTask(rosa);
            String run = Paths.newRun(rosa, task);
            String logs = Paths.run(task, run) + "logs/";
            String entry = "{\"text\": \"" + "x".repeat(900_000) + "\"}";
            String entries = (entry + ",").repeat(15) + entry;
            rosa.post(Paths.run(task, run) + "append_log/", "{\"entries\": [" + entries + "]}")
                    .isJson(200);
            OpenRequest stalled = open(OpenRequest.get(limited.url(), logs, Tokens.ROSA));
            stalled.awaitFirstByte();

            rosa.get(logs)
                    .isError(
                            429,
                            "invalid_request",
                            "too_many_requests",
                            "More than 1 streams at the same time. Try again later.",
                            null);
            assertThat(limited.client(Tokens.ROSA_BOTH).get(Paths.TASKS).status()).isEqualTo(200);
        }
    }

    @Test
    void aFormWithoutASignatureIsRejectedBeforeItsFileIsRead() {
        String form =
                "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n"
                        + "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
        OpenRequest request =
                open(new OpenRequest(host.url(), "/_objects", null, FORM, 1_000_000_000));

        request.send(form + "f".repeat(21_000)).endOfInput();

        assertThat(request.reply().isEnvelope().status()).isEqualTo(403);
    }

    @Test
    void formsWithASignatureAreLimited() {
        // If the second one of a pair is received first, the first one is rejected.
        int status = 0;
        for (int i = 0; i < 100 && status != 503; i++) {
            open(openUpload(signedForm(host.rosa())));
            OpenRequest another = open(openUpload(signedForm(host.rosa())));
            status = another.endOfInput().reply().isEnvelope().status();
        }
        assertThat(status).isEqualTo(503);
    }

    private static OpenRequest openUpload(byte[] form) {
        return new OpenRequest(host.url(), "/_objects", null, FORM, 10_000_000)
                .send(form)
                .send(new byte[30_000]);
    }

    private static byte[] signedForm(Client client) {
        String task = Paths.newTask(client);
        JsonNode fields =
                client.post(
                                Paths.task(task) + "staged_artifacts/prepare_upload/",
                                "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\","
                                        + " \"size\": 10000000}]}")
                        .isJson(200)
                        .json()
                        .at("/artifacts/0/presigned_post/fields");
        StringBuilder form = new StringBuilder();
        fields.properties()
                .forEach(
                        field ->
                                form.append("--x\r\nContent-Disposition: form-data; name=\"")
                                        .append(field.getKey())
                                        .append("\"\r\n\r\n")
                                        .append(field.getValue().asText())
                                        .append("\r\n"));
        form.append("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n");
        return form.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    @Timeout(60)
    void aContainerWithoutAsynchronousSupportReadsBodiesWithItsThreads() {
        try (CapturedLog log = new CapturedLog();
                Host blocking =
                        Host.with()
                                .withoutAsyncSupport()
                                .servlet(
                                        servlet ->
                                                servlet.trafficLimits(
                                                        TrafficLimits.DEFAULT.withBodyDeadline(
                                                                Duration.ofSeconds(1))))
                                .start()) {
            Paths.newTask(blocking.rosa());
            for (int i = 0; i < 2; i++) {
                OpenRequest request =
                        open(OpenRequest.json(blocking.url(), Paths.TASKS, Tokens.ROSA, 50));
                while (!log.text().contains("set asyncSupported for both")) {
                    Thread.onSpinWait(); // Until the body is read by a thread that waits.
                }
                request.send(" ".repeat(48) + "}").reply().isJson(201);
            }

            assertThat(log.text()).containsOnlyOnce("set asyncSupported for both");
        }
    }

    private OpenRequest open(OpenRequest request) {
        open.add(request);
        return request;
    }
}
