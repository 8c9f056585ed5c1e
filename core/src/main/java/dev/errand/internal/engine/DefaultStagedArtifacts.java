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

/** The implementation of {@link StagedArtifacts}. */
public final class DefaultStagedArtifacts implements StagedArtifacts {

    private final Engine engine;
    private final AccessControl access;
    private final ObjectPaths paths;
    private final Uploads uploads;

    public DefaultStagedArtifacts(Engine engine, AccessControl access) {
        this.engine = engine;
        this.access = access;
        this.paths = new ObjectPaths(engine.policies().objectFolder());
        this.uploads = new Uploads(engine, access);
    }

    @Override
    public List<PreparedUpload> prepareUpload(TaskId task, PrepareUploadsRequest request) {
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
        access.requireProjectWrite();
        uploads.checkCount(request.artifacts().size());
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

    private Artifact measured(TaskId task, FinalizeItem item, String attr, Instant now) {
        // A key that was kept for an upload to a run is no key of the task's.
        Reservation reservation =
                uploads.reservation(task, item.id())
                        .filter(found -> found.storagePath().equals(item.storagePath()))
                        .filter(found -> paths.isStaged(access.project(), task, found))
                        .orElseThrow(
                                () ->
                                        refused(
                                                ErrorCode.INVALID_STORAGE_PATH,
                                                attr + "__storage_path"));
        return uploads.measured(reservation.id(), item, attr, now);
    }

    private void checkTask(TaskId task) {
        if (engine.backend().tasks().find(access.project(), task).isEmpty()) {
            throw new NotFoundException();
        }
    }

    private static InvalidRequestException refused(ErrorCode code, String attr) {
        return InvalidRequestException.of(Violation.of(code, attr));
    }
}
