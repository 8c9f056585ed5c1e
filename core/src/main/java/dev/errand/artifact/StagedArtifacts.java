package dev.errand.artifact;

import dev.errand.ErrorCode;
import dev.errand.RequestDenied;
import dev.errand.RequestRefused;
import dev.errand.Violation;
import dev.errand.engine.Access;
import dev.errand.engine.Engine;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ObjectHead;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The staged artifacts of one project, for one caller (contract D7, D8, H). Thread-safe.
 *
 * <p>Every method throws {@link RequestDenied} if the caller may not or the task is not there,
 * {@link RequestRefused} if the request breaks a rule, and {@link BackendException} if storage
 * fails; then nothing became usable.
 */
public final class StagedArtifacts {

    private final Engine engine;
    private final Access access;
    private final ObjectPaths paths;

    /** Made by {@link dev.errand.ProjectApi}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public StagedArtifacts(Engine engine, Access access) {
        this.engine = engine;
        this.access = access;
        this.paths = new ObjectPaths(engine.policies().objectFolder());
    }

    /**
     * Reserves keys and signs an upload form for each, in request order; all or nothing (contract
     * D7).
     */
    public List<PreparedUpload> prepareUpload(TaskId task, PrepareUploads request) {
        access.requireProjectWrite();
        checkCount(request.artifacts().size());
        checkDeclaredSizes(request.artifacts());
        checkTask(task);
        Instant now = engine.now();
        List<PreparedUpload> prepared =
                orUnavailable(
                        "Unable to generate upload URL",
                        () ->
                                request.artifacts().stream()
                                        .map(upload -> prepare(task, upload, now))
                                        .toList());
        engine.backend()
                .staging()
                .reserve(
                        access.project(),
                        prepared.stream()
                                .map(
                                        upload ->
                                                new Reservation(
                                                        task,
                                                        upload.id(),
                                                        upload.storagePath(),
                                                        now.plus(ObjectTags.STAGED_LIFETIME)))
                                .toList());
        return prepared;
    }

    /**
     * Measures what was uploaded and makes it usable for a day, in request order; all or nothing
     * (contract D8, H6).
     */
    public List<Artifact> finalizeUpload(TaskId task, FinalizeUploads request) {
        access.requireProjectWrite();
        checkCount(request.artifacts().size());
        checkTask(task);
        Instant now = engine.now();
        List<StagedArtifact> staged = new ArrayList<>();
        for (int i = 0; i < request.artifacts().size(); i++) {
            staged.add(
                    new StagedArtifact(
                            task,
                            measured(task, request.artifacts().get(i), "artifacts__" + i, now),
                            now.plus(ObjectTags.STAGED_LIFETIME)));
        }
        List<ArtifactId> gone = engine.backend().staging().stage(access.project(), staged);
        for (int i = 0; i < staged.size(); i++) {
            if (gone.contains(staged.get(i).artifact().id())) {
                throw refused(ErrorCode.INVALID_STORAGE_PATH, "artifacts__" + i + "__storage_path");
            }
        }
        List<Artifact> artifacts = staged.stream().map(StagedArtifact::artifact).toList();
        artifacts.forEach(
                artifact ->
                        engine.tagging()
                                .tag(
                                        access.project(),
                                        artifact.storagePath(),
                                        ObjectTags.staged(access.project())));
        return artifacts;
    }

    private PreparedUpload prepare(TaskId task, UploadRequest upload, Instant now) {
        ArtifactId id = ArtifactId.of(engine.ids().nextRandom());
        String name = SafeNames.of(upload.name());
        String key = paths.staged(access.project(), task, id, name);
        UploadForm form =
                engine.objects()
                        .uploadForm(
                                access.project(),
                                new UploadPolicy(
                                        key,
                                        0,
                                        upload.size() + AttachmentLimits.FORM_OVERHEAD_BYTES,
                                        now.plus(ObjectTags.UPLOAD_FORM_LIFETIME)));
        return new PreparedUpload(
                id,
                name,
                upload.type(),
                upload.source(),
                upload.size(),
                upload.contentType().orElse(""),
                key,
                ObjectTags.UPLOAD_FORM_LIFETIME,
                form);
    }

    private Artifact measured(TaskId task, FinalizeRequest item, String attr, Instant now) {
        Optional<Reservation> reservation =
                Optional.of(item.id())
                        .filter(ArtifactId::isValid)
                        .flatMap(
                                id ->
                                        engine.backend()
                                                .staging()
                                                .findReservation(
                                                        access.project(), task, new ArtifactId(id)))
                        .filter(found -> found.storagePath().equals(item.storagePath()));
        if (reservation.isEmpty()) {
            throw refused(ErrorCode.INVALID_STORAGE_PATH, attr + "__storage_path");
        }
        ObjectHead head =
                orUnavailable(
                                "Unable to read artifact",
                                () -> engine.objects().head(access.project(), item.storagePath()))
                        .orElseThrow(() -> refused(ErrorCode.UPLOAD_NOT_FOUND, attr));
        long size =
                head.sizeInBytes()
                        .orElseThrow(() -> refused(ErrorCode.UPLOAD_METADATA_UNAVAILABLE, attr));
        String name = SafeNames.of(item.name());
        String contentType =
                item.contentType().filter(type -> !type.isEmpty()).or(head::contentType).orElse("");
        AttachmentLimits.problem(item.type(), name, contentType, size)
                .ifPresent(
                        text -> {
                            throw RequestRefused.because(
                                    Violation.of(ErrorCode.ARTIFACT_TOO_LARGE, attr, text));
                        });
        return new Artifact(
                reservation.get().id(),
                name,
                item.type(),
                item.source(),
                size,
                contentType,
                item.storagePath(),
                now);
    }

    private void checkDeclaredSizes(List<UploadRequest> uploads) {
        List<Violation> violations = new ArrayList<>(0);
        for (int i = 0; i < uploads.size(); i++) {
            UploadRequest upload = uploads.get(i);
            String attr = "artifacts__" + i + "__size";
            AttachmentLimits.problem(
                            upload.type(),
                            SafeNames.of(upload.name()),
                            upload.contentType().orElse(""),
                            upload.size())
                    .ifPresent(
                            text ->
                                    violations.add(
                                            Violation.of(
                                                    ErrorCode.ARTIFACT_TOO_LARGE, attr, text)));
        }
        if (!violations.isEmpty()) {
            throw new RequestRefused(violations);
        }
    }

    private void checkCount(int count) {
        int max = engine.policies().maxArtifactsPerRequest();
        if (count > max) {
            throw RequestRefused.because(
                    Violation.of(
                            ErrorCode.MAX_LENGTH,
                            "artifacts",
                            "Ensure this field has no more than " + max + " elements."));
        }
    }

    private void checkTask(TaskId task) {
        engine.backend().tasks().find(access.project(), task).orElseThrow(RequestDenied::notFound);
    }

    private static <T> T orUnavailable(String detail, Supplier<T> storage) {
        try {
            return storage.get();
        } catch (BackendException failure) {
            throw StorageUnavailable.because(detail, failure);
        }
    }

    private static RequestRefused refused(ErrorCode code, String attr) {
        return RequestRefused.because(Violation.of(code, attr));
    }
}
