package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.TestEngine.UNKNOWN;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.artifact.PreparedUpload;
import dev.errand.config.EngineOptions;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.UnavailableException;
import dev.errand.error.Violation;
import dev.errand.retention.Housekeeper;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.LocalObjectStore.UploadResult;
import dev.errand.spi.artifact.UploadPolicy;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import dev.errand.wire.ErrorBody;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Preparing and finalizing uploads for a task (docs/wire/artifacts.md#d7, #d8, #h;
 * docs/invariants.md#i2). {@link RunTaskOperationsContract} tests their use by runs.
 */
public abstract class StagingOperationsContract extends EngineContract {

    private static final long PDF_LIMIT = 10_485_760;
    private static final long LIMIT = 31_457_280;

    private TaskId task;

    /** Creates a task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    // --- prepare (docs/wire/artifacts.md#d7)

    @Test
    void prepareReturnsTheDocumentedUpload() {
        JsonNode answer =
                rosa.prepareUpload(
                        task,
                        """
                        {"artifacts": [{"name": "docs/spec.pdf", "type": "user_attachment",
                          "source": "posthog_code", "size": 4096,
                          "content_type": "application/pdf"}]}""");

        ObjectNode upload = (ObjectNode) answer.get("artifacts").get(0);
        String id = upload.get("id").textValue();
        assertThat(id).matches("[0-9a-f]{32}");
        JsonNode form = upload.remove("presigned_post");
        assertThat(WireJson.names(form)).containsExactly("url", "fields");
        assertThat(form.get("fields").get("key").textValue()).isEqualTo(key(id, "spec.pdf"));
        assertThat(answer)
                .hasToString(
                        json("""
                                        {"artifacts":[{"id":"%s","name":"spec.pdf",
                                         "type":"user_attachment","source":"posthog_code",
                                         "size":4096,"content_type":"application/pdf",
                                         "storage_path":"%s","expires_in":3600}]}"""
                                        .formatted(id, key(id, "spec.pdf")))
                                .toString());
    }

    @Test
    void omittedMembersAreEmpty() {
        JsonNode upload = prepare("{\"name\":\"a.txt\",\"type\":\"plan\",\"size\":1}");

        assertMembers(upload, "{\"source\":\"\",\"content_type\":\"\"}");
    }

    @Test
    void aFormIsBoundToKeySizeAndLifetime() {
        PreparedUpload upload = engine.prepared(task, "spec.pdf");

        assertThat(engine.objects().policies())
                .containsExactly(
                        new UploadPolicy(
                                upload.storagePath(),
                                0,
                                3 + 65_536,
                                engine.clock().instant().plusSeconds(3_600)));
        engine.clock().advance(Duration.ofSeconds(3_600).minusNanos(1_000));
        assertThat(engine.objects().upload(upload.form(), new byte[3 + 65_536], ""))
                .isEqualTo(UploadResult.STORED);
        assertThat(engine.objects().upload(upload.form(), new byte[3 + 65_537], ""))
                .isEqualTo(UploadResult.WRONG_SIZE);
        engine.clock().tick();
        assertThat(engine.objects().upload(upload.form(), new byte[3], ""))
                .isEqualTo(UploadResult.REFUSED);
    }

    @Test
    void everyCallReservesNewKeys() {
        String body =
                """
                {"artifacts":[{"name":"a.txt","type":"plan","size":1},
                 {"name":"b.txt","type":"output","size":2},
                 {"name":"a.txt","type":"plan","size":1}]}""";

        JsonNode first = rosa.prepareUpload(task, body).get("artifacts");
        JsonNode second = rosa.prepareUpload(task, body).get("artifacts");

        assertThat(first)
                .extracting(it -> it.get("name").textValue())
                .containsExactly("a.txt", "b.txt", "a.txt");
        List<String> keys = new ArrayList<>();
        first.forEach(upload -> keys.add(upload.get("storage_path").textValue()));
        second.forEach(upload -> keys.add(upload.get("storage_path").textValue()));
        assertThat(keys).hasSize(6).doesNotHaveDuplicates();
    }

    @Test
    void aPreparedUploadCannotBeConsumed() {
        PreparedUpload upload = engine.uploaded(task, "spec.pdf");

        assertNotStaged(upload.id());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    docs/spec.pdf       | spec.pdf
                    """)
    void namesAreMadeSafe(String name, String safe) {
        JsonNode upload = prepare("{\"name\":\"" + name + "\",\"type\":\"plan\",\"size\":1}");

        assertThat(upload.get("name").textValue()).isEqualTo(safe);
        assertThat(upload.get("storage_path").textValue())
                .isEqualTo(key(upload.get("id").textValue(), safe));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"artifacts": [{"name": "a", "type": "plan", "size": 1}, {"name": "b", "type": "plan", "size": -1}]} | min_value | artifacts__1__size | Ensure this value is greater than or equal to 1.
                    """)
    void anInvalidRequestPreparesNothing(String body, String code, String attr, String detail) {
        assertRejected(() -> rosa.prepareUpload(task, body), code(code), attr, detail);
        assertThat(engine.objects().policies()).isEmpty();
        assertThat(engine.backend().reservations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    A.PDF | user_attachment | text/plain                 | 10485760 | A.PDF exceeds the 10MB attachment limit for PDFs in cloud runs
                    """)
    void attachmentLimitsApply(
            String name, String type, String contentType, long limit, String detail) {
        String item =
                "{\"name\":\"%s\",\"type\":\"%s\",\"content_type\":\"%s\",\"size\":"
                        .formatted(name, type, contentType == null ? "" : contentType);

        prepare(item + limit + "}");
        assertRejected(
                () ->
                        rosa.prepareUpload(
                                task,
                                "{\"artifacts\":[{\"name\":\"ok\",\"type\":\"plan\",\"size\":1},"
                                        + item
                                        + (limit + 1)
                                        + "}]}"),
                ErrorCode.ARTIFACT_TOO_LARGE,
                "artifacts__1__size",
                detail);
    }

    @Test
    void theNumberOfFilesPerRequestIsLimited() {
        configure(EngineOptions.DEFAULT.withLimits(2, 10_000));
        String item = "{\"name\":\"a\",\"type\":\"plan\",\"size\":1}";

        rosa.prepareUpload(task, "{\"artifacts\":[" + item + "," + item + "]}");
        assertRejected(
                () ->
                        rosa.prepareUpload(
                                task,
                                "{\"artifacts\":[" + String.join(",", item, item, item) + "]}"),
                ErrorCode.MAX_LENGTH,
                "artifacts",
                "Ensure this field has no more than 2 elements.");
    }

    @Test
    void theRequestIsCheckedBeforeTheTask() {
        TaskId missing = TaskId.of(UNKNOWN);
        TaskId others = WireClient.taskId(new WireClient(engine.others()).createTask("{}"));
        String good = "{\"artifacts\":[{\"name\":\"a\",\"type\":\"plan\",\"size\":1}]}";
        String tooLarge =
                "{\"artifacts\":[{\"name\":\"a.pdf\",\"type\":\"user_attachment\",\"size\":%d}]}"
                        .formatted(PDF_LIMIT + 1);

        assertRejected(
                () -> rosa.prepareUpload(missing, tooLarge),
                ErrorCode.ARTIFACT_TOO_LARGE,
                "artifacts__0__size",
                "a.pdf exceeds the 10MB attachment limit for PDFs in cloud runs");
        assertNotFound(() -> rosa.prepareUpload(missing, good));
        assertNotFound(() -> rosa.prepareUpload(others, good));
        assertThat(engine.objects().policies()).isEmpty();
    }

    @Test
    void nothingIsPreparedWithoutTheObjectStore() {
        engine.objects().unreachable(true);

        assertUnavailable(
                () ->
                        rosa.prepareUpload(
                                task,
                                "{\"artifacts\":[{\"name\":\"a\",\"type\":\"plan\",\"size\":1}]}"),
                "Unable to generate upload URL");
        assertThat(engine.backend().reservations()).isEmpty();
    }

    // --- finalize (docs/wire/artifacts.md#d8)

    @Test
    void finalizeReturnsTheDocumentedArtifact() {
        PreparedUpload upload = engine.prepared(task, "docs/spec.pdf");
        engine.objects().upload(upload.form(), new byte[4_096], "application/pdf");
        engine.clock().set(Instant.parse("2026-05-07T09:29:58.120Z"));

        JsonNode answer =
                rosa.finalizeUpload(
                        task,
                        """
                        {"artifacts":[{"id":"%s","name":"docs/spec.pdf","type":"user_attachment",
                          "source":"posthog_code","storage_path":"%s"}]}"""
                                .formatted(upload.id(), upload.storagePath()));

        assertThat(answer)
                .hasToString(
                        json("""
                                        {"artifacts":[{"id":"%s","name":"spec.pdf",
                                         "type":"user_attachment","source":"posthog_code",
                                         "size":4096,"content_type":"application/pdf",
                                         "storage_path":"%s",
                                         "uploaded_at":"2026-05-07T09:29:58.120000Z"}]}"""
                                        .formatted(upload.id(), upload.storagePath()))
                                .toString());
        assertThat(engine.objects().tags(ACME, upload.storagePath()))
                .isEqualTo(Map.of("ttl_days", "1", "team_id", "7"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "text/csv" | text/plain | text/csv
                    ""         | text/plain | text/plain
                               | text/plain | text/plain
                               | ''         | ''
                    """)
    void theMediaTypeOfTheRequestPrecedesThatOfTheObject(
            String said, String uploaded, String kept) {
        PreparedUpload upload = engine.prepared(task, "a.txt");
        engine.objects().upload(upload.form(), new byte[1], uploaded);
        ObjectNode item = item(upload);
        if (said != null) {
            item.set("content_type", json(said));
        }

        assertMembers(finalized(item), "{\"content_type\":\"" + kept + "\",\"source\":\"\"}");
    }

    @Test
    void finalizeUpdatesNameAndType() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        ObjectNode item = item(upload);
        item.put("name", "x/b.txt").put("type", "output").put("source", " agent_output ");

        assertMembers(
                finalized(item),
                """
                {"name":"b.txt","type":"output","source":"agent_output","storage_path":"%s"}"""
                        .formatted(upload.storagePath()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"artifacts": ["a"]} | invalid_input | artifacts__0 | Invalid data. Expected a dictionary, but got str.
                    """)
    void anInvalidRequestFinalizesNothing(String body, String code, String attr, String detail) {
        assertRejected(() -> rosa.finalizeUpload(task, body), code(code), attr, detail);
    }

    @Test
    void onlyTheKeyOfALiveReservationIsAccepted() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        TaskId otherTask = engine.task();
        PreparedUpload foreign = engine.uploaded(otherTask, "a.txt");
        PreparedUpload other = engine.uploaded(task, "a.txt");
        engine.objects().headKeys().clear();

        assertInvalidPath(item(upload).put("storage_path", other.storagePath()));
        assertInvalidPath(item(upload).put("storage_path", upload.storagePath() + "x"));
        assertInvalidPath(item(upload).put("id", "staged"));
        assertInvalidPath(item(upload).put("id", "f".repeat(32)));
        assertInvalidPath(item(upload).put("id", other.id().value()));
        assertInvalidPath(item(foreign));
        assertThat(engine.objects().headKeys()).isEmpty();
    }

    @Test
    void aReservationExpiresAfterADay() {
        PreparedUpload inTime = engine.uploaded(task, "in-time.txt");
        PreparedUpload tooLate = engine.uploaded(task, "too-late.txt");

        engine.clock().advance(Duration.ofDays(1).minusNanos(1_000));
        finalized(item(inTime));
        engine.clock().tick();

        assertInvalidPath(item(tooLate));
    }

    @Test
    void aMissingUploadIsReported() {
        PreparedUpload upload = engine.prepared(task, "a.txt");

        InvalidRequestException rejected =
                assertRejected(
                        () -> finalized(item(upload)),
                        ErrorCode.UPLOAD_NOT_FOUND,
                        "artifacts__0",
                        "Artifact upload not found in object storage");
        assertThat(new String(ErrorBody.of(rejected).toJson(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"validation_error\",\"code\":\"upload_not_found\","
                                + "\"detail\":\"Artifact upload not found in object storage\","
                                + "\"attr\":\"artifacts__0\","
                                + "\"error\":\"Artifact upload not found in object storage\"}");
    }

    @Test
    void anUploadOfUnknownSizeIsRejected() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        engine.objects().withoutSizes();

        assertRejected(
                () -> finalized(item(upload)),
                ErrorCode.UPLOAD_METADATA_UNAVAILABLE,
                "artifacts__0",
                "Artifact upload metadata is unavailable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a.txt | user_attachment |                 | application/pdf | 10485760 | a.txt exceeds the 10MB attachment limit
                    b.pdf | output          |                 | application/pdf | 31457280 | b.pdf exceeds the 30MB attachment limit
                    """)
    void theActualSizeIsChecked(
            String name, String type, String said, String uploaded, int limit, String detail) {
        PreparedUpload upload = engine.prepared(task, "a.txt");
        ObjectNode item = item(upload).put("name", name).put("type", type);
        if (said != null) {
            item.put("content_type", said);
        }

        write(upload, limit + 1, uploaded);
        assertRejected(() -> finalized(item), ErrorCode.ARTIFACT_TOO_LARGE, "artifacts__0", detail);
        write(upload, limit, uploaded);
        assertThat(finalized(item).get("size").intValue()).isEqualTo(limit);
    }

    @Test
    void oneInvalidItemPreventsFinalizingAll() {
        PreparedUpload good = engine.uploaded(task, "good.txt");
        PreparedUpload missing = engine.prepared(task, "missing.txt");

        InvalidRequestException rejected =
                assertRejected(
                        () ->
                                rosa.finalizeUpload(
                                        task,
                                        "{\"artifacts\":["
                                                + item(good)
                                                + ","
                                                + item(missing)
                                                + ","
                                                + item(good).put("storage_path", "x")
                                                + "]}"),
                        ErrorCode.UPLOAD_NOT_FOUND,
                        "artifacts__1");

        assertThat(rejected.violations())
                .extracting(Violation::attr)
                .containsExactly(Optional.of("artifacts__1"));
        assertNotStaged(good.id());
        assertThat(engine.objects().tags(ACME, good.storagePath())).isEmpty();
    }

    @Test
    void artifactsAreReturnedInRequestOrder() {
        PreparedUpload a = engine.uploaded(task, "a.txt");
        PreparedUpload b = engine.uploaded(task, "b.txt");

        JsonNode answer =
                rosa.finalizeUpload(task, "{\"artifacts\":[" + item(b) + "," + item(a) + "]}");

        assertThat(answer.get("artifacts"))
                .extracting(it -> it.get("id").textValue())
                .containsExactly(b.id().value(), a.id().value());
    }

    @Test
    void finalizingAgainMeasuresAgainAndExtendsTheLifetime() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        engine.finalized(task, upload);
        engine.clock().advance(Duration.ofHours(23));
        write(upload, 5, "text/plain");

        JsonNode again = finalized(item(upload).put("name", "b.txt"));
        engine.clock().advance(Duration.ofHours(24).minusNanos(1_000));

        assertMembers(
                again, "{\"id\":\"%s\",\"size\":5,\"name\":\"b.txt\"}".formatted(upload.id()));
        assertThat(engine.backend().staging().find(ACME, task, List.of(upload.id()))).hasSize(1);
        engine.clock().tick();
        assertNotStaged(upload.id());
    }

    @Test
    void aConsumedArtifactCannotBeFinalizedAgain() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        Artifact staged = engine.finalized(task, upload);
        rosa.runTask(task, "{\"pending_user_artifact_ids\":[\"" + staged.id() + "\"]}");

        assertInvalidPath(item(upload));
        assertNotStaged(staged.id());
    }

    @Test
    void aFailedTagIsSetLater() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        engine.objects().untaggable(true);
        Artifact staged = engine.finalized(task, upload);
        assertThat(engine.objects().tags(ACME, staged.storagePath())).isEmpty();

        engine.objects().untaggable(false);
        engine.staged(task, "b.txt");

        assertThat(engine.objects().tags(ACME, staged.storagePath()))
                .containsEntry("ttl_days", "1");
    }

    @Test
    void aLateTagDoesNotShortenTheLifetime() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        engine.objects().untaggable(true);
        Artifact staged = engine.finalized(task, upload);
        rosa.runTask(task, "{\"pending_user_artifact_ids\":[\"" + staged.id() + "\"]}");

        engine.objects().untaggable(false);
        engine.staged(task, "b.txt");
        engine.staged(task, "c.txt");

        assertThat(engine.objects().tags(ACME, staged.storagePath()))
                .containsEntry("ttl_days", "30");
    }

    @Test
    void anUnknownTaskIsNotFound() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        TaskId others = WireClient.taskId(new WireClient(engine.others()).createTask("{}"));

        assertNotFound(() -> engine.finalized(TaskId.of(UNKNOWN), upload));
        assertNotFound(() -> engine.finalized(others, upload));
    }

    @Test
    void theArtifactDescribesTheBytesThatStay() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        engine.objects()
                .beforeClosing(
                        () -> engine.objects().upload(upload.form(), new byte[1], "text/html"));

        JsonNode artifact = finalized(item(upload));

        assertThat(artifact.get("size").intValue()).isEqualTo(1);
        assertThat(artifact.get("content_type").textValue()).isEqualTo("text/html");
        assertThat(engine.objects().upload(upload.form(), new byte[2], "text/html"))
                .isEqualTo(UploadResult.REFUSED);
    }

    @Test
    void anUploadThatBecomesTooLargeBeforeItIsClosedIsRejected() {
        PreparedUpload upload = engine.prepared(task, "a.pdf");
        write(upload, 1, "application/pdf");
        engine.objects().beforeClosing(() -> write(upload, (int) PDF_LIMIT + 1, "application/pdf"));

        assertRejected(
                () -> finalized(item(upload)),
                ErrorCode.ARTIFACT_TOO_LARGE,
                "artifacts__0",
                "a.pdf exceeds the 10MB attachment limit for PDFs in cloud runs");
        assertNotStaged(upload.id());
    }

    @Test
    void aRejectedRequestLeavesTheFormsOfItsUploadsValid() {
        PreparedUpload uploaded = engine.uploaded(task, "a.txt");
        PreparedUpload missing = engine.prepared(task, "b.txt");

        assertRejected(
                () ->
                        rosa.finalizeUpload(
                                task,
                                "{\"artifacts\":[" + item(uploaded) + "," + item(missing) + "]}"),
                ErrorCode.UPLOAD_NOT_FOUND,
                "artifacts__1");
        assertThat(engine.objects().upload(uploaded.form(), new byte[1], "text/plain"))
                .isEqualTo(UploadResult.STORED);
    }

    @Test
    void nothingIsFinalizedWithoutTheObjectStore() {
        PreparedUpload upload = engine.uploaded(task, "a.txt");
        engine.objects().unreachable(true);

        assertUnavailable(() -> finalized(item(upload)), "Unable to read artifact");
        assertNotStaged(upload.id());
    }

    // --- housekeeper (docs/wire/artifacts.md#h7)

    @Test
    void theHousekeeperDeletesExpiredUploads() {
        PreparedUpload reserved = engine.uploaded(task, "reserved.txt");
        Artifact unused = engine.staged(task, "unused.txt");
        Artifact used = engine.staged(task, "used.txt");
        RunId run =
                WireClient.latestRunId(
                        rosa.runTask(
                                task, "{\"pending_user_artifact_ids\":[\"" + used.id() + "\"]}"));
        engine.clock().advance(Duration.ofHours(12));
        Artifact young = engine.staged(task, "young.txt");

        Housekeeper housekeeper = engine.errand().housekeeper(RetentionPolicy.DEFAULT);

        assertThat(housekeeper.runOnce().erased().objects()).isZero();
        engine.clock().advance(Duration.ofHours(12).plusNanos(1_000));
        assertThat(housekeeper.runOnce().erased().objects()).isEqualTo(2);

        assertThat(engine.objects().head(ACME, reserved.storagePath())).isEmpty();
        assertThat(engine.objects().head(ACME, unused.storagePath())).isEmpty();
        assertThat(engine.objects().head(ACME, young.storagePath())).isPresent();
        assertThat(engine.stored(task, run).artifacts())
                .allSatisfy(
                        kept ->
                                assertThat(engine.objects().head(ACME, kept.storagePath()))
                                        .isPresent());
        engine.clock().advance(Duration.ofDays(60));
        housekeeper.runOnce();
        assertThat(engine.objects().head(ACME, used.storagePath())).isPresent();
    }

    private JsonNode prepare(String item) {
        return rosa.prepareUpload(task, "{\"artifacts\":[" + item + "]}").get("artifacts").get(0);
    }

    private JsonNode finalized(JsonNode item) {
        return rosa.finalizeUpload(task, "{\"artifacts\":[" + item + "]}").get("artifacts").get(0);
    }

    private static ObjectNode item(PreparedUpload upload) {
        return WireJson.object()
                .put("id", upload.id().value())
                .put("name", upload.name())
                .put("type", upload.type().wire())
                .put("storage_path", upload.storagePath());
    }

    private void write(PreparedUpload upload, int size, String contentType) {
        InputStream content = new ByteArrayInputStream(new byte[size]);
        engine.objects().write(ACME, upload.storagePath(), content, size, contentType);
    }

    private void assertInvalidPath(JsonNode item) {
        assertRejected(
                () -> finalized(item),
                ErrorCode.INVALID_STORAGE_PATH,
                "artifacts__0__storage_path",
                "Artifact storage path is invalid for this task");
    }

    private void assertNotStaged(ArtifactId id) {
        InvalidRequestException rejected =
                assertRejected(
                        () ->
                                rosa.runTask(
                                        task, "{\"pending_user_artifact_ids\":[\"" + id + "\"]}"),
                        ErrorCode.MISSING_ARTIFACTS,
                        "pending_user_artifact_ids");
        assertThat(rejected.first().missingArtifactIds()).containsExactly(id.value());
    }

    private void assertUnavailable(ThrowingCallable call, String detail) {
        String before = engine.snapshot();
        UnavailableException unavailable = catchThrowableOfType(UnavailableException.class, call);

        assertThat(unavailable).hasMessage(detail);
        assertThat(ErrorBody.of(unavailable).status()).isEqualTo(503);
        assertThat(engine.snapshot()).isEqualTo(before);
    }

    private String key(String id, String name) {
        return "tasks/artifacts/team_7/task_" + task + "/staged/" + id + "/" + name;
    }
}
