package dev.errand.internal.engine;

import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.StagedArtifacts;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.Violation;
import dev.errand.internal.engine.UploadSupport.Upload;
import dev.errand.internal.rules.ObjectPaths;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The default implementation of {@link StagedArtifacts}. */
public final class DefaultStagedArtifacts implements StagedArtifacts {

    private final Engine engine;
    private final AccessControl access;
    private final ObjectPaths paths;
    private final UploadSupport uploads;

    /** Creates the operations of one caller. */
    public DefaultStagedArtifacts(Engine engine, AccessControl access) {
        this.engine = engine;
        this.access = access;
        this.paths = new ObjectPaths(engine.options().objectFolder());
        this.uploads = new UploadSupport(engine, access);
    }

    @Override
    public List<PreparedUpload> prepareUpload(TaskId task, PrepareUploadsRequest request) {
        engine.validator().validate(request);
        access.requireProjectWrite();
        uploads.checkCount(request.artifacts().size());
        uploads.checkDeclaredSizes(request.artifacts());
        checkTask(task);
        return uploads.prepare(
                task,
                request.artifacts(),
                (id, name) -> paths.staged(access.project(), task, id, name));
    }

    @Override
    public List<Artifact> finalizeUpload(TaskId task, FinalizeUploadsRequest request) {
        engine.validator().validate(request);
        access.requireProjectWrite();
        uploads.checkCount(request.artifacts().size());
        checkTask(task);
        Instant now = engine.now();
        List<Upload> verified = new ArrayList<>();
        for (int i = 0; i < request.artifacts().size(); i++) {
            Upload upload = issued(task, request.artifacts().get(i), "artifacts__" + i);
            uploads.verify(upload, now);
            verified.add(upload);
        }
        Instant expiresAt = now.plus(ObjectTags.STAGED_LIFETIME);
        List<StagedArtifact> staged =
                verified.stream()
                        .map(upload -> uploads.close(upload, now))
                        .map(artifact -> new StagedArtifact(task, artifact, expiresAt))
                        .toList();
        List<ArtifactId> expired = engine.backend().staging().stage(access.project(), staged);
        for (int i = 0; i < staged.size(); i++) {
            if (expired.contains(staged.get(i).artifact().id())) {
                throw invalid(ErrorCode.INVALID_STORAGE_PATH, "artifacts__" + i + "__storage_path");
            }
        }
        List<Artifact> artifacts = staged.stream().map(StagedArtifact::artifact).toList();
        artifacts.forEach(
                artifact ->
                        engine.tagger()
                                .tag(
                                        access.project(),
                                        artifact.storagePath(),
                                        ObjectTags.staged(access.project())));
        return artifacts;
    }

    private Upload issued(TaskId task, FinalizeItem item, String attr) {
        // A key that was issued for an upload to a run is not accepted here.
        Reservation reservation =
                uploads.reservation(task, item.id())
                        .filter(found -> found.storagePath().equals(item.storagePath()))
                        .filter(found -> paths.isStaged(access.project(), task, found))
                        .orElseThrow(
                                () ->
                                        invalid(
                                                ErrorCode.INVALID_STORAGE_PATH,
                                                attr + "__storage_path"));
        return new Upload(reservation.id(), item, attr);
    }

    private void checkTask(TaskId task) {
        if (engine.backend().tasks().find(access.project(), task).isEmpty()) {
            throw new NotFoundException();
        }
    }

    private static InvalidRequestException invalid(ErrorCode code, String attr) {
        return InvalidRequestException.of(Violation.of(code, attr));
    }
}
