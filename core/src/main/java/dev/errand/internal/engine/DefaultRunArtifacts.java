package dev.errand.internal.engine;

import dev.errand.artifact.ArtifactContent;
import dev.errand.artifact.ArtifactReadRequest;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.FinalizeUploadsRequest;
import dev.errand.artifact.InlineArtifact;
import dev.errand.artifact.PrepareUploadsRequest;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.RunArtifacts;
import dev.errand.artifact.UploadArtifactsRequest;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.Violation;
import dev.errand.internal.engine.UploadSupport.Upload;
import dev.errand.internal.rules.AttachmentLimits;
import dev.errand.internal.rules.Manifests;
import dev.errand.internal.rules.ObjectPaths;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.internal.rules.SafeNames;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.DownloadPolicy;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The default implementation of {@link RunArtifacts}. */
public final class DefaultRunArtifacts implements RunArtifacts {

    /**
     * An upload cannot be finalized in the last hour of its reservation, so that a slow request
     * ends before the cleaner deletes the object.
     */
    private static final Duration FINALIZE_MARGIN = Duration.ofHours(1);

    private static final Duration LINK_LIFETIME = Duration.ofSeconds(3600);

    private final Engine engine;
    private final AccessControl access;
    private final ObjectPaths paths;
    private final UploadSupport uploads;
    private final RunRepository repository;

    /** Creates the operations of one caller. */
    public DefaultRunArtifacts(Engine engine, AccessControl access) {
        this.engine = engine;
        this.access = access;
        this.paths = new ObjectPaths(engine.options().objectFolder());
        this.uploads = new UploadSupport(engine, access);
        this.repository = new RunRepository(engine, access);
    }

    @Override
    public List<Artifact> upload(TaskId task, RunId run, UploadArtifactsRequest request) {
        engine.validator().validate(request);
        access.requireWrite(task, run);
        uploads.checkCount(request.artifacts().size());
        uploads.checkSizes(request.artifacts(), "content", DefaultRunArtifacts::sizeProblem);
        repository.getWritable(task, run);
        Instant now = engine.now();
        List<Artifact> added =
                request.artifacts().stream().map(file -> entry(task, run, file, now)).toList();
        uploads.reserve(
                added.stream()
                        .map(it -> UploadSupport.reservation(task, it.id(), it.storagePath(), now))
                        .toList());
        for (int i = 0; i < added.size(); i++) {
            write(added.get(i), request.artifacts().get(i).bytes());
        }
        return append(task, run, added);
    }

    @Override
    public List<PreparedUpload> prepareUpload(
            TaskId task, RunId run, PrepareUploadsRequest request) {
        engine.validator().validate(request);
        access.requireWrite(task, run);
        uploads.checkCount(request.artifacts().size());
        uploads.checkDeclaredSizes(request.artifacts());
        repository.getWritable(task, run);
        return uploads.prepare(
                task,
                request.artifacts(),
                (id, name) -> paths.runArtifact(access.project(), task, run, id, name));
    }

    @Override
    public List<Artifact> finalizeUpload(TaskId task, RunId run, FinalizeUploadsRequest request) {
        engine.validator().validate(request);
        access.requireWrite(task, run);
        uploads.checkCount(request.artifacts().size());
        Run found = repository.getWritable(task, run);
        Instant now = engine.now();
        List<Upload> verified = new ArrayList<>();
        for (int i = 0; i < request.artifacts().size(); i++) {
            FinalizeItem item = request.artifacts().get(i);
            if (Manifests.find(found.artifacts(), item.id(), item.storagePath()).isEmpty()) {
                String attr = "artifacts__" + i;
                Upload upload = new Upload(issuedId(task, run, item, attr, now), item, attr);
                uploads.verify(upload, now);
                verified.add(upload);
            }
        }
        List<Artifact> added = verified.stream().map(upload -> uploads.close(upload, now)).toList();
        List<Artifact> manifest = append(task, run, added);
        return request.artifacts().stream()
                .map(item -> Manifests.find(manifest, item.id(), item.storagePath()).orElseThrow())
                .toList();
    }

    @Override
    public RunArtifacts.ArtifactLink presign(TaskId task, RunId run, ArtifactReadRequest request) {
        engine.validator().validate(request);
        Artifact artifact =
                Manifests.find(
                                repository.getReadable(task, run).run().artifacts(),
                                request.storagePath())
                        .orElseThrow(DefaultRunArtifacts::notOnThisRun);
        Instant expiresAt = engine.now().plus(LINK_LIFETIME);
        return new RunArtifacts.ArtifactLink(
                UploadSupport.callStore(
                        "Unable to generate download URL",
                        () ->
                                engine.objects()
                                        .downloadUrl(
                                                access.project(),
                                                new DownloadPolicy(
                                                        artifact.storagePath(),
                                                        artifact.name(),
                                                        artifact.contentType(),
                                                        expiresAt))),
                LINK_LIFETIME);
    }

    @Override
    public ArtifactContent download(TaskId task, RunId run, ArtifactReadRequest request) {
        engine.validator().validate(request);
        Run found = repository.getReadable(task, run).run();
        Artifact artifact =
                Manifests.find(found.artifacts(), request.storagePath())
                        .or(() -> inherited(task, found, request.storagePath()))
                        .orElseThrow(DefaultRunArtifacts::notOnThisRun);
        InputStream bytes =
                UploadSupport.callStore(
                                "Unable to read artifact",
                                () ->
                                        engine.objects()
                                                .open(access.project(), artifact.storagePath()))
                        .orElseThrow(() -> new NotFoundException("Artifact content not found"));
        return new ArtifactContent(artifact, bytes);
    }

    private Optional<Artifact> inherited(TaskId task, Run run, String storagePath) {
        return repository.resumeChain(task, run).stream()
                .flatMap(id -> engine.backend().runs().find(access.project(), task, id).stream())
                .flatMap(found -> Manifests.find(found.run().artifacts(), storagePath).stream())
                .findFirst();
    }

    /**
     * Returns the id that a key was issued for (docs/wire/artifacts.md#h6-row-1). Only upstream
     * servers issued short keys, so a short key can name only an object that was imported from
     * there.
     */
    private ArtifactId issuedId(
            TaskId task, RunId run, FinalizeItem item, String attr, Instant now) {
        Optional<ArtifactId> issued =
                uploads.reservation(task, item.id())
                        .filter(found -> found.storagePath().equals(item.storagePath()))
                        .filter(found -> paths.isOfRun(access.project(), task, run, found))
                        .filter(found -> found.expiresAt().minus(FINALIZE_MARGIN).isAfter(now))
                        .map(Reservation::id);
        return issued.or(() -> shortKeyId(task, run, item))
                .orElseThrow(
                        () ->
                                InvalidRequestException.of(
                                        Violation.of(
                                                ErrorCode.INVALID_STORAGE_PATH,
                                                attr + "__storage_path",
                                                "Artifact storage path is invalid for this run")));
    }

    private Optional<ArtifactId> shortKeyId(TaskId task, RunId run, FinalizeItem item) {
        return Optional.of(item.id())
                .filter(ArtifactId::isValid)
                .map(ArtifactId::new)
                .filter(
                        id ->
                                paths.shortRunArtifact(
                                                access.project(),
                                                task,
                                                run,
                                                id,
                                                SafeNames.of(item.name()))
                                        .equals(item.storagePath()));
    }

    private List<Artifact> append(TaskId task, RunId run, List<Artifact> added) {
        Run changed =
                repository.update(
                        task,
                        run,
                        current -> {
                            access.requireActive(current);
                            List<Artifact> before = current.run().artifacts();
                            List<Artifact> manifest = Manifests.append(before, added);
                            return manifest == before
                                    ? current
                                    : current.withRun(
                                            current.run()
                                                    .change(engine.now())
                                                    .artifacts(manifest)
                                                    .build());
                        });
        for (Artifact artifact : added) {
            engine.tagger()
                    .tag(
                            access.project(),
                            artifact.storagePath(),
                            ObjectTags.onRun(access.project()));
        }
        return changed.artifacts();
    }

    private Artifact entry(TaskId task, RunId run, InlineArtifact file, Instant now) {
        ArtifactId id = ArtifactId.of(engine.ids().nextRandom());
        String name = SafeNames.of(file.name());
        return new Artifact(
                id,
                name,
                file.type(),
                file.source(),
                file.bytes().length,
                file.contentType().orElse(""),
                paths.runArtifact(access.project(), task, run, id, name),
                now,
                UploadSupport.toJson(file.metadata()));
    }

    private void write(Artifact artifact, byte[] bytes) {
        UploadSupport.callStore(
                "Unable to store artifact",
                () -> {
                    engine.objects()
                            .write(
                                    access.project(),
                                    artifact.storagePath(),
                                    new ByteArrayInputStream(bytes),
                                    bytes.length,
                                    artifact.contentType());
                    return bytes;
                });
    }

    private static Optional<String> sizeProblem(InlineArtifact file) {
        return AttachmentLimits.problem(
                file.type(),
                SafeNames.of(file.name()),
                file.contentType().orElse(""),
                file.bytes().length);
    }

    private static NotFoundException notOnThisRun() {
        return new NotFoundException("Artifact not found on this run");
    }
}
