package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.artifact.ArtifactContent;
import dev.errand.artifact.ArtifactReadRequest;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.RunArtifacts;
import dev.errand.artifact.UploadArtifactsRequest;
import dev.errand.config.EngineOptions;
import dev.errand.error.ErrorCode;
import dev.errand.error.UnavailableException;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.DownloadPolicy;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import dev.errand.wire.ErrorBody;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Adding artifacts to the manifest of a run, and reading them (docs/wire/artifacts.md#i6,
 * docs/wire/guarantees.md#j19, #j20).
 */
public abstract class RunArtifactOperationsContract extends EngineContract {

    private static final String INVALID_PATH = "Artifact storage path is invalid for this run";
    private static final int LIMIT = 31_457_280;

    private TaskId task;
    private RunId run;

    /** Creates a task of Rosa's with one queued run. */
    @BeforeEach
    public void createRun() {
        task = engine.task();
        run = engine.queuedRun(task);
    }

    // --- inline upload

    @Test
    void inlineFilesAreAddedInOrder() {
        upload("{\"name\":\"docs/plan.md\",\"type\":\"plan\",\"content\":\"# Plan\"}");
        Run before = engine.stored(task, run);
        engine.clock().advance(Duration.ofSeconds(1));

        JsonNode answer =
                wire(
                        upload(
                                """
                                {"name":"a.bin","type":"output","source":"agent_output",
                                 "content":"AAEC","content_encoding":"base64",
                                 "content_type":"application/x-a"}""",
                                "{\"name\":\"a.bin\",\"type\":\"output\",\"content\":\"ü\"}"));

        assertThat(answer.get("artifacts"))
                .extracting(it -> it.get("name").textValue() + it.get("size"))
                .containsExactly("plan.md6", "a.bin3", "a.bin2");
        JsonNode second = answer.get("artifacts").get(1);
        String id = second.get("id").textValue();
        assertThat(second)
                .hasToString(
                        json("""
                                        {"id":"%s","name":"a.bin","type":"output",
                                         "source":"agent_output","size":3,
                                         "content_type":"application/x-a",
                                         "storage_path":"%s","uploaded_at":"%s"}"""
                                        .formatted(
                                                id,
                                                key(id, "a.bin"),
                                                second.get("uploaded_at").textValue()))
                                .toString());
        Run after = engine.stored(task, run);
        assertThat(after.version()).isEqualTo(before.version() + 1);
        assertThat(after.updatedAt()).isAfter(before.updatedAt());
        assertThat(bytes(after.artifacts().get(1))).containsExactly(0, 1, 2);
        assertThat(bytes(after.artifacts().get(2))).isEqualTo("ü".getBytes(StandardCharsets.UTF_8));
        assertThat(engine.objects().tags(ACME, key(id, "a.bin")))
                .isEqualTo(Map.of("ttl_days", "30", "team_id", "7"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"artifacts": []}   | invalid_input | artifacts | At least one artifact is required
                    {"artifacts": [{"name": "a", "type": "plan", "content": "a"}, {"name": "b", "type": "plan", "content": "a!", "content_encoding": "base64"}]} | invalid_input | artifacts__1__content | Invalid base64 content
                    """)
    void anInvalidUploadStoresNothing(String body, String code, String attr, String detail) {
        assertRejected(
                () ->
                        rosas().upload(
                                        task,
                                        run,
                                        WireClient.body(UploadArtifactsRequest.class, body)),
                code(code),
                attr,
                detail);
        assertThat(engine.backend().reservations()).isEmpty();
    }

    @Test
    void decodedContentHasALimit() {
        String pdf = Base64.getEncoder().encodeToString(new byte[10_485_761]);
        String good = "{\"name\":\"a\",\"type\":\"plan\",\"content\":\"a\"},";

        assertRejected(
                () ->
                        upload(
                                good
                                        + "{\"name\":\"a.pdf\",\"type\":\"user_attachment\","
                                        + "\"content_encoding\":\"base64\",\"content\":\""
                                        + pdf
                                        + "\"}"),
                ErrorCode.ARTIFACT_TOO_LARGE,
                "artifacts__1__content",
                "a.pdf exceeds the 10MB attachment limit for PDFs in cloud runs");
        assertThat(
                        upload(
                                        "{\"name\":\"a.pdf\",\"type\":\"output\","
                                                + "\"content_encoding\":\"base64\",\"content\":\""
                                                + pdf
                                                + "\"}")
                                .get(0)
                                .sizeInBytes())
                .isEqualTo(10_485_761);
    }

    @Test
    void theNumberOfFilesPerRequestIsLimited() {
        configure(EngineOptions.DEFAULT.withLimits(1, 10_000));
        String file = "{\"name\":\"a\",\"type\":\"plan\",\"content\":\"a\",\"size\":1}";
        String detail = "Ensure this field has no more than 1 elements.";

        assertRejected(() -> upload(file, file), ErrorCode.MAX_LENGTH, "artifacts", detail);
        assertRejected(() -> prepare(file, file), ErrorCode.MAX_LENGTH, "artifacts", detail);
    }

    // --- prepare and finalize

    @Test
    void anUploadToARunIsPreparedUploadedAndFinalized() {
        PreparedUpload upload = prepare("docs/report.txt");
        assertThat(upload.storagePath()).isEqualTo(key(upload.id().value(), "report.txt"));
        engine.objects().upload(upload.form(), new byte[] {1, 2, 3, 4}, "text/plain");

        List<Artifact> finalized = finalizeUpload(upload);

        assertThat(finalized).isEqualTo(engine.stored(task, run).artifacts());
        Artifact artifact = finalized.get(0);
        assertThat(artifact.id()).isEqualTo(upload.id());
        assertThat(artifact.sizeInBytes()).isEqualTo(4);
        assertThat(artifact.contentType()).isEqualTo("text/plain");
        assertThat(engine.objects().tags(ACME, upload.storagePath()))
                .isEqualTo(Map.of("ttl_days", "30", "team_id", "7"));
    }

    @Test
    void finalizingAgainReturnsTheSameResult() {
        PreparedUpload upload = uploaded("a.txt");
        List<Artifact> first = finalizeUpload(upload);
        Run before = engine.stored(task, run);
        int reads = engine.objects().headKeys().size();
        engine.clock().advance(Duration.ofDays(3));

        assertThat(finalizeUpload(upload)).isEqualTo(first);
        assertThat(engine.objects().headKeys()).hasSize(reads);
        assertThat(engine.stored(task, run)).isEqualTo(before);
    }

    @Test
    void finalizedItemsAreReturnedInRequestOrder() {
        PreparedUpload first = uploaded("a.txt");
        PreparedUpload second = uploaded("b.txt");
        PreparedUpload third = uploaded("c.txt");
        finalizeUpload(second);

        assertThat(finalizeUpload(third, second, third))
                .extracting(Artifact::name)
                .containsExactly("c.txt", "b.txt", "c.txt");
        finalizeUpload(first);
        assertThat(engine.stored(task, run).artifacts())
                .extracting(Artifact::name)
                .containsExactly("b.txt", "c.txt", "a.txt");
    }

    @Test
    void aKeyOfAnotherRunIsInvalid() {
        PreparedUpload upload = uploaded("a.txt");
        PreparedUpload staged = engine.uploaded(task, "a.txt");
        RunId sibling = engine.queuedRun(task);

        assertInvalid(sibling, item(upload.id(), upload.storagePath()));
        assertInvalid(run, item(staged.id(), staged.storagePath()));
        assertInvalid(run, item(staged.id(), upload.storagePath()));
        assertInvalid(run, item(upload.id(), upload.storagePath() + "x"));
        assertInvalid(
                run,
                "{\"id\":\"staged\",\"name\":\"a\",\"type\":\"plan\","
                        + "\"storage_path\":\""
                        + upload.storagePath()
                        + "\"}");
        assertThat(engine.objects().headKeys()).isEmpty();
    }

    @Test
    void aKeyOfARunIsInvalidForItsTask() {
        PreparedUpload upload = uploaded("a.txt");

        assertRejected(
                () -> engine.finalized(task, upload),
                ErrorCode.INVALID_STORAGE_PATH,
                "artifacts__0__storage_path",
                "Artifact storage path is invalid for this task");
    }

    @Test
    void theShortKeyOfAnOlderServerIsAccepted() {
        String id = "9f86d081884c7d659a2feaa0c55ad015";
        String key = prefix() + "9f86d081_a.txt";
        engine.objects().write(ACME, key, new ByteArrayInputStream(new byte[2]), 2, "");

        assertThat(
                        rosas().finalizeUpload(
                                        task,
                                        run,
                                        WireClient.body(
                                                FinalizeUploadsRequest.class,
                                                list(item(new ArtifactId(id), key)))))
                .extracting(Artifact::storagePath)
                .containsExactly(key);
    }

    @Test
    void missingUnmeasurableAndOversizedUploadsAreRejected() {
        PreparedUpload good = uploaded("good.txt");
        PreparedUpload missing = prepare("missing.txt");
        PreparedUpload large = prepare("large.txt");
        InputStream content = new ByteArrayInputStream(new byte[LIMIT + 1]);
        engine.objects().write(ACME, large.storagePath(), content, LIMIT + 1, "");

        assertRejected(
                () -> finalizeUpload(good, missing), ErrorCode.UPLOAD_NOT_FOUND, "artifacts__1");
        assertRejected(
                () -> finalizeUpload(good, large),
                ErrorCode.ARTIFACT_TOO_LARGE,
                "artifacts__1",
                "large.txt exceeds the 30MB attachment limit");
        engine.objects().withoutSizes();
        assertRejected(
                () -> finalizeUpload(good), ErrorCode.UPLOAD_METADATA_UNAVAILABLE, "artifacts__0");
    }

    @Test
    void aKeyExpiresBeforeItsObjectIsDeleted() {
        PreparedUpload upload = uploaded("a.txt");

        engine.clock().advance(Duration.ofHours(23));

        assertInvalid(run, item(upload.id(), upload.storagePath()));
    }

    @Test
    void theHousekeeperKeepsObjectsOfManifests() {
        PreparedUpload unused = uploaded("unused.txt");
        PreparedUpload used = uploaded("used.txt");
        finalizeUpload(used);
        Artifact inline = upload("{\"name\":\"i\",\"type\":\"plan\",\"content\":\"a\"}").get(1);
        engine.clock().advance(Duration.ofHours(24).plusNanos(1_000));

        engine.errand().housekeeper(RetentionPolicy.DEFAULT).runOnce();

        assertThat(engine.objects().head(ACME, unused.storagePath())).isEmpty();
        assertThat(engine.objects().head(ACME, used.storagePath())).isPresent();
        assertThat(engine.objects().head(ACME, inline.storagePath())).isPresent();
    }

    // --- presign and download

    @Test
    void aDownloadLinkIsValidForAnHour() {
        Artifact artifact = finalizeUpload(uploaded("a.txt")).get(0);

        JsonNode link =
                json(
                        engine.rosas()
                                .wireFormat()
                                .writeLink(rosas().presign(task, run, of(artifact))));

        assertThat(WireJson.names(link)).containsExactly("url", "expires_in");
        assertThat(link.get("expires_in").intValue()).isEqualTo(3_600);
        assertThat(link.get("url").textValue())
                .isEqualTo(
                        engine.objects()
                                .downloadUrl(
                                        ACME,
                                        new DownloadPolicy(
                                                artifact.storagePath(),
                                                artifact.name(),
                                                artifact.contentType(),
                                                engine.clock().instant().plusSeconds(3_600)))
                                .toString());
    }

    @Test
    void artifactsOfAResumedRunAreDownloadedButNotLinked() {
        Artifact artifact = finalizeUpload(uploaded("a.txt")).get(0);
        RunId middle = resume(run);
        RunId last = resume(middle);
        RunId unrelated = engine.queuedRun(task);

        assertThat(content(rosas().download(task, last, of(artifact)))).containsExactly(1, 2, 3);
        assertNoArtifact(() -> rosas().presign(task, last, of(artifact)));
        assertNoArtifact(() -> rosas().download(task, unrelated, of(artifact)));
    }

    @Test
    void objectsOutsideTheManifestAreNotRead() {
        PreparedUpload unfinished = uploaded("a.txt");
        ArtifactReadRequest request = new ArtifactReadRequest(unfinished.storagePath());

        assertNoArtifact(() -> rosas().download(task, run, request));
        assertNoArtifact(() -> rosas().presign(task, run, request));
    }

    @Test
    void aMissingObjectIsReported() {
        Artifact artifact = finalizeUpload(uploaded("a.txt")).get(0);
        engine.objects().delete(ACME, artifact.storagePath());

        assertDenied(
                () -> rosas().download(task, run, of(artifact)),
                ErrorCode.NOT_FOUND,
                "Artifact content not found");
    }

    // --- permissions and faults

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"IN_PROGRESS", "COMPLETED"})
    void artifactsAreAcceptedInEveryStatus(RunStatus status) {
        run = engine.runIn(task, status);

        finalizeUpload(uploaded("a.txt"));
        upload("{\"name\":\"b.txt\",\"type\":\"output\",\"content\":\"a\"}");

        Run after = engine.stored(task, run);
        assertThat(after.status()).isEqualTo(status);
        assertThat(after.artifacts()).hasSize(2);
    }

    @Test
    void anAgentWritesItsOwnRunAndReadsItsTask() {
        Artifact artifact = finalizeUpload(uploaded("a.txt")).get(0);
        RunId sibling = engine.queuedRun(task);
        ProjectClient agent = agent(engine.stored(task, run).attempt());
        UploadArtifactsRequest inline =
                inline("{\"name\":\"b\",\"type\":\"plan\",\"content\":\"a\"}");

        assertThat(agent.runArtifacts().upload(task, run, inline)).hasSize(2);
        assertThat(content(agent.runArtifacts().download(task, run, of(artifact)))).hasSize(3);
        assertDenied(
                () -> agent.runArtifacts().upload(task, sibling, inline),
                ErrorCode.PERMISSION_DENIED,
                "This token is only valid for its own task run.");
    }

    @Test
    void aSupersededAgentAddsNothing() {
        ProjectClient late = agent(engine.stored(task, run).attempt() + 1);
        String superseded = "This token belongs to a superseded attempt of the run.";
        PreparedUpload upload = uploaded("a.txt");

        assertDenied(
                () ->
                        late.runArtifacts()
                                .upload(
                                        task,
                                        run,
                                        inline(
                                                "{\"name\":\"b\",\"type\":\"plan\","
                                                        + "\"content\":\"a\"}")),
                ErrorCode.PERMISSION_DENIED,
                superseded);
        assertDenied(
                () -> late.runArtifacts().finalizeUpload(task, run, finalizing(upload)),
                ErrorCode.PERMISSION_DENIED,
                superseded);
    }

    @Test
    void unknownTasksAndRunsAreDistinguished() {
        RunId unknown = RunId.of(TestEngine.UNKNOWN);
        TaskId nowhere = TaskId.of(TestEngine.UNKNOWN);
        UploadArtifactsRequest inline =
                inline("{\"name\":\"b\",\"type\":\"plan\",\"content\":\"a\"}");
        ArtifactReadRequest one = new ArtifactReadRequest("a");

        assertTaskNotFound(() -> rosas().upload(nowhere, run, inline));
        assertNotFound(() -> rosas().upload(task, unknown, inline));
        assertTaskNotFound(() -> rosas().presign(nowhere, run, one));
        assertNotFound(() -> rosas().presign(task, unknown, one));
        assertTaskNotFound(() -> rosas().download(nowhere, run, one));
        assertNotFound(() -> rosas().download(task, unknown, one));
        engine.rosas().tasks().delete(task);
        assertTaskNotFound(() -> rosas().upload(task, run, inline));
    }

    @Test
    void anUnavailableObjectStoreLeavesTheManifestUnchanged() {
        PreparedUpload upload = uploaded("a.txt");
        Artifact artifact = finalizeUpload(uploaded("b.txt")).get(0);
        engine.objects().unreachable(true);

        assertUnavailable(() -> prepare("c.txt"), "Unable to generate upload URL");
        assertUnavailable(() -> finalizeUpload(upload), "Unable to read artifact");
        assertUnavailable(
                () -> rosas().presign(task, run, of(artifact)), "Unable to generate download URL");
        assertUnavailable(
                () -> rosas().download(task, run, of(artifact)), "Unable to read artifact");
        assertUnavailable(
                () -> upload("{\"name\":\"b\",\"type\":\"plan\",\"content\":\"a\"}"),
                "Unable to store artifact");
    }

    @Test
    void concurrentUploadsAreNotLost() {
        List<PreparedUpload> prepared =
                IntStream.range(0, 8).mapToObj(i -> uploaded(i + ".txt")).toList();

        ConcurrentCalls.run(
                16,
                i ->
                        () ->
                                i < 8
                                        ? finalizeUpload(prepared.get(i))
                                        : upload(
                                                "{\"name\":\"i%d\",\"type\":\"plan\",\"content\":\"a\"}"
                                                        .formatted(i)));

        Run after = engine.stored(task, run);
        List<String> expected =
                new ArrayList<>(prepared.stream().map(PreparedUpload::name).toList());
        IntStream.range(8, 16).forEach(i -> expected.add("i" + i));
        assertThat(after.artifacts())
                .extracting(Artifact::name)
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void concurrentFinalizationsAddOneEntry() {
        PreparedUpload upload = uploaded("a.txt");

        List<Object> outcomes = ConcurrentCalls.run(8, i -> () -> finalizeUpload(upload));

        List<Artifact> manifest = engine.stored(task, run).artifacts();
        assertThat(manifest).hasSize(1);
        assertThat(outcomes).isEqualTo(Collections.nCopies(8, manifest));
    }

    @Test
    void anAddedArtifactIsDeliveredAsAnEvent() {
        finalizeUpload(uploaded("a.txt"));
        Run after = engine.stored(task, run);

        assertThat(engine.closeAndGetListener().changesOf(run))
                .last()
                .extracting(RunEvent.RunChanged::run)
                .isEqualTo(after);
    }

    // --- helpers

    private RunArtifacts rosas() {
        return engine.rosas().runArtifacts();
    }

    private List<Artifact> upload(String... files) {
        return rosas().upload(task, run, inline(files));
    }

    private static UploadArtifactsRequest inline(String... files) {
        return WireClient.body(UploadArtifactsRequest.class, list(files));
    }

    private List<PreparedUpload> prepare(String first, String second) {
        return rosas().prepareUpload(
                        task,
                        run,
                        WireClient.body(PrepareUploadsRequest.class, list(first, second)));
    }

    private PreparedUpload prepare(String name) {
        String item = "{\"name\":\"" + name + "\",\"type\":\"output\",\"size\":3}";
        return rosas().prepareUpload(
                        task, run, WireClient.body(PrepareUploadsRequest.class, list(item)))
                .get(0);
    }

    private PreparedUpload uploaded(String name) {
        PreparedUpload upload = prepare(name);
        engine.objects().upload(upload.form(), new byte[] {1, 2, 3}, "text/plain");
        return upload;
    }

    private List<Artifact> finalizeUpload(PreparedUpload... uploads) {
        return rosas().finalizeUpload(task, run, finalizing(uploads));
    }

    private static FinalizeUploadsRequest finalizing(PreparedUpload... uploads) {
        String[] items = new String[uploads.length];
        for (int i = 0; i < uploads.length; i++) {
            items[i] =
                    "{\"id\":\"%s\",\"name\":\"%s\",\"type\":\"output\",\"storage_path\":\"%s\"}"
                            .formatted(
                                    uploads[i].id(), uploads[i].name(), uploads[i].storagePath());
        }
        return WireClient.body(FinalizeUploadsRequest.class, list(items));
    }

    private static String item(ArtifactId id, String storagePath) {
        return "{\"id\":\"%s\",\"name\":\"a.txt\",\"type\":\"output\",\"storage_path\":\"%s\"}"
                .formatted(id, storagePath);
    }

    private static String list(String... items) {
        return "{\"artifacts\":[" + String.join(",", items) + "]}";
    }

    private static ArtifactReadRequest of(Artifact artifact) {
        return new ArtifactReadRequest(artifact.storagePath());
    }

    private RunId resume(RunId earlier) {
        return WireClient.latestRunId(
                rosa.runTask(task, "{\"resume_from_run_id\":\"" + earlier + "\"}"));
    }

    private JsonNode wire(List<Artifact> artifacts) {
        return json(engine.rosas().wireFormat().writeArtifacts(artifacts));
    }

    private ProjectClient agent(int attempt) {
        return engine.as(Caller.agent(Optional.empty(), new RunGrant(ACME, task, run, attempt)));
    }

    private byte[] bytes(Artifact artifact) {
        return content(rosas().download(task, run, of(artifact)));
    }

    private static byte[] content(ArtifactContent content) {
        try (InputStream bytes = content.bytes()) {
            return bytes.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void assertInvalid(RunId of, String item) {
        assertRejected(
                () ->
                        rosas().finalizeUpload(
                                        task,
                                        of,
                                        WireClient.body(FinalizeUploadsRequest.class, list(item))),
                ErrorCode.INVALID_STORAGE_PATH,
                "artifacts__0__storage_path",
                INVALID_PATH);
    }

    private void assertNoArtifact(ThrowingCallable call) {
        assertDenied(call, ErrorCode.NOT_FOUND, "Artifact not found on this run");
    }

    private void assertUnavailable(ThrowingCallable call, String detail) {
        List<Artifact> before = engine.stored(task, run).artifacts();
        UnavailableException unavailable = catchThrowableOfType(UnavailableException.class, call);

        assertThat(unavailable).hasMessage(detail);
        assertThat(ErrorBody.of(unavailable).status()).isEqualTo(503);
        assertThat(engine.stored(task, run).artifacts()).isEqualTo(before);
    }

    private String key(String id, String name) {
        return prefix() + id + "_" + name;
    }

    private String prefix() {
        return "tasks/artifacts/team_7/task_" + task + "/run_" + run + "/";
    }
}
