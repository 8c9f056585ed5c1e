package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.ObjectHead;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of staged uploads that need more than the request's members (contract D7, D8, H). */
class StagedRulesTest {

    private static final FailingPorts OBJECTS = new FailingPorts();

    private static Host host;
    private static Client rosa;

    private String task;

    @BeforeAll
    static void start() {
        host =
                Host.with()
                        .objects(objects -> OBJECTS.before(LocalObjectStore.class, objects))
                        .start();
        rosa = host.rosa();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @BeforeEach
    void newTask() {
        task = Paths.newTask(rosa);
    }

    @AfterEach
    void mend() {
        OBJECTS.mend();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    d/a.PDF | user_attachment | text/plain              | 10485760 | artifact_too_large | a.PDF exceeds the 10MB attachment limit for PDFs in cloud runs
                    a       | user_attachment | Application/PDF ; v=1.7 | 10485760 | artifact_too_large | a exceeds the 10MB attachment limit
                    a.txt   | user_attachment | text/plain              | 31457280 | max_value          | Ensure this value is less than or equal to 31457280.
                    a.pdf   | output          | application/pdf         | 31457280 | max_value          | Ensure this value is less than or equal to 31457280.
                    """)
    void aDeclaredSizeHasItsLimit(
            String name, String type, String contentType, int limit, String code, String detail) {
        ObjectNode item =
                Reply.JSON
                        .createObjectNode()
                        .put("name", name)
                        .put("type", type)
                        .put("content_type", contentType)
                        .put("size", limit);
        prepare(item).isJson(200);

        Reply reply = prepare(item.deepCopy().put("size", 1), item.put("size", limit + 1));

        if (code.equals("max_value")) {
            reply.isInvalid(code, detail, "artifacts__1__size");
        } else {
            reply.isErrorTwice(400, "validation_error", code, detail, "artifacts__1__size");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    b.pdf | user_attachment | text/plain      | 10485760 | b.pdf exceeds the 10MB attachment limit for PDFs in cloud runs
                    a.txt | user_attachment | application/pdf | 10485760 | a.txt exceeds the 10MB attachment limit
                    b.pdf | output          | application/pdf | 31457280 | b.pdf exceeds the 30MB attachment limit
                    """)
    void aMeasuredSizeHasItsLimit(
            String name, String type, String contentType, int limit, String detail) {
        ObjectNode good = Scenes.uploaded(host, task);
        ObjectNode item = Scenes.prepared(host, task);
        item.put("name", name).put("type", type).put("content_type", contentType);

        Scenes.write(host, item, limit + 1);
        complete(good, item)
                .isErrorTwice(
                        400, "validation_error", "artifact_too_large", detail, "artifacts__1");
        assertNotStaged(good);
        Scenes.write(host, item, limit);
        complete(good, item).isJson(200);
    }

    @Test
    void onlyTheExactKeyOfALiveReservationOfTheTaskPasses() {
        ObjectNode item = Scenes.uploaded(host, task);
        ObjectNode sibling = Scenes.uploaded(host, task);
        ObjectNode foreign = Scenes.uploaded(host, Paths.newTask(rosa));
        String key = item.get("storage_path").asText();
        OBJECTS.failWith(BackendException.retryable("ObjectStore", "was asked", null));

        invalidPath(item.deepCopy().put("storage_path", key + "x"));
        invalidPath(item.deepCopy().put("storage_path", sibling.get("storage_path").asText()));
        invalidPath(item.deepCopy().put("storage_path", foreign.get("storage_path").asText()));
        invalidPath(item.deepCopy().put("id", sibling.get("id").asText()));
        invalidPath(item.deepCopy().put("id", "staged"));
        invalidPath(item.deepCopy().put("id", "f".repeat(32)));
        invalidPath(foreign);
        OBJECTS.mend();
        host.clock().advance(Duration.ofHours(24));
        invalidPath(item);
    }

    private void invalidPath(ObjectNode item) {
        complete(item)
                .isErrorTwice(
                        400,
                        "validation_error",
                        "invalid_storage_path",
                        "Artifact storage path is invalid for this task",
                        "artifacts__0__storage_path");
    }

    @Test
    void anUploadThatNeverCameKeepsAllFromBecomingUsable() {
        ObjectNode good = Scenes.uploaded(host, task);

        complete(good, Scenes.prepared(host, task))
                .isErrorTwice(
                        400,
                        "validation_error",
                        "upload_not_found",
                        "Artifact upload not found in object storage",
                        "artifacts__1");

        assertNotStaged(good);
    }

    @Test
    void anUploadOfUnknownSizeIsRefused() {
        try (Host unmeasured = Host.with().objects(StagedRulesTest::withoutSizes).start()) {
            String of = Paths.newTask(unmeasured.rosa());
            ObjectNode item = Scenes.uploaded(unmeasured, of);

            unmeasured
                    .rosa()
                    .post(
                            Scenes.uploads(of) + "finalize_upload/",
                            "{\"artifacts\": [" + item + "]}")
                    .isErrorTwice(
                            400,
                            "validation_error",
                            "upload_metadata_unavailable",
                            "Artifact upload metadata is unavailable",
                            "artifacts__0");
        }
    }

    @Test
    void objectStorageThatIsAwayIsToldInTheWordsOfWhatWasAsked() {
        ObjectNode item = Scenes.uploaded(host, task);
        OBJECTS.failWith(BackendException.retryable("ObjectStore", "disk gone", null));

        try (CapturedLog log = new CapturedLog()) {
            unavailable(prepare(item), "Unable to generate upload URL");
            unavailable(complete(item), "Unable to read artifact");

            assertThat(log.text()).contains("disk gone");
        }
        OBJECTS.mend();
        assertNotStaged(item);
        complete(item).isJson(200);
    }

    @Test
    void aRequestHoldsAHundredFilesAndNotMore() {
        ObjectNode item = Scenes.uploaded(host, task);
        ObjectNode[] items = new ObjectNode[101];
        Arrays.fill(items, item);

        complete(items)
                .isInvalid(
                        "max_length",
                        "Ensure this field has no more than 100 elements.",
                        "artifacts");
        prepare(items)
                .isInvalid(
                        "max_length",
                        "Ensure this field has no more than 100 elements.",
                        "artifacts");
    }

    private static void unavailable(Reply reply, String detail) {
        reply.isErrorTwice(503, "server_error", "storage_unavailable", detail, null);
    }

    /** The store, but for the sizes of its objects. */
    private static LocalObjectStore withoutSizes(LocalObjectStore store) {
        Class<LocalObjectStore> type = LocalObjectStore.class;
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            try {
                                Object answer = method.invoke(store, arguments);
                                return method.getName().equals("head")
                                        ? ((Optional<?>) answer)
                                                .map(head -> unmeasured((ObjectHead) head))
                                        : answer;
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        }));
    }

    private static ObjectHead unmeasured(ObjectHead head) {
        return new ObjectHead(OptionalLong.empty(), head.contentType(), head.tags());
    }

    private void assertNotStaged(ObjectNode item) {
        Reply reply =
                rosa.post(
                        Paths.task(task) + "run/",
                        "{\"pending_user_artifact_ids\": [" + item.get("id") + "]}");
        assertThat(reply.isEnvelope().json().get("code").asText()).isEqualTo("missing_artifacts");
    }

    private Reply prepare(ObjectNode... items) {
        return post("prepare_upload/", items);
    }

    private Reply complete(ObjectNode... items) {
        return post("finalize_upload/", items);
    }

    private Reply post(String operation, ObjectNode... items) {
        ObjectNode body = Reply.JSON.createObjectNode();
        ArrayNode artifacts = body.putArray("artifacts");
        for (ObjectNode item : items) {
            artifacts.add(item);
        }
        return rosa.post(Scenes.uploads(task) + operation, body.toString());
    }
}
