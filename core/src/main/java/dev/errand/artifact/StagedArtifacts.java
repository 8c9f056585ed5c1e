package dev.errand.artifact;

import dev.errand.engine.Access;
import dev.errand.engine.Engine;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.RequestException;
import dev.errand.error.Violation;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The staged artifacts of one project, for one caller (contract D7, D8, H). Thread-safe.
 *
 * <p>Every method throws {@link RequestException} if the caller may not or the task is not there,
 * {@link InvalidRequestException} if the request breaks a rule, and {@link BackendException} if
 * storage fails; then nothing became usable.
 */
public final class StagedArtifacts {

    private final Engine engine;
    private final Access access;
    private final ObjectPaths paths;
    private final Uploads uploads;

    /** Made by {@link dev.errand.ProjectClient}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public StagedArtifacts(Engine engine, Access access) {
        this.engine = engine;
        this.access = access;
        this.paths = new ObjectPaths(engine.policies().objectFolder());
        this.uploads = new Uploads(engine, access);
    }

    /**
     * Reserves keys and signs an upload form for each, in request order; all or nothing (contract
     * D7).
     */
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

    /**
     * Measures what was uploaded and makes it usable for a day, in request order; all or nothing
     * (contract D8, H6).
     */
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
        engine.backend().tasks().find(access.project(), task).orElseThrow(NotFoundException::new);
    }

    private static InvalidRequestException refused(ErrorCode code, String attr) {
        return InvalidRequestException.of(Violation.of(code, attr));
    }
}
