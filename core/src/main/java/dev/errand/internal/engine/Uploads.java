package dev.errand.internal.engine;

import dev.errand.artifact.AttachmentLimits;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.UploadItem;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.UnavailableException;
import dev.errand.error.Violation;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.internal.rules.SafeNames;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ObjectHead;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.UploadForm;
import dev.errand.spi.artifact.UploadPolicy;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What uploads to a task and to a run have in common: forms, measuring, sizes (contract D7, D8, H).
 *
 * @param engine has the stores
 * @param access who asks, and where
 */
public record Uploads(Engine engine, AccessControl access) {

    /** Checks how many files one request holds (contract J21). */
    public void checkCount(int count) {
        int max = engine.policies().maxArtifactsPerRequest();
        if (count > max) {
            throw InvalidRequestException.of(
                    Violation.of(
                            ErrorCode.MAX_LENGTH,
                            "artifacts",
                            "Ensure this field has no more than " + max + " elements."));
        }
    }

    /** Checks the sizes that the files are said to have (contract H4). */
    public void checkDeclaredSizes(List<UploadItem> uploads) {
        checkSizes(
                uploads,
                "size",
                upload ->
                        AttachmentLimits.problem(
                                upload.type(),
                                SafeNames.of(upload.name()),
                                upload.contentType().orElse(""),
                                upload.size()));
    }

    /**
     * Checks the size of each file, and refuses with all that are too large.
     *
     * @param member what of a file is to blame
     * @param problem why a file is too large
     */
    public <T> void checkSizes(
            List<T> files, String member, Function<T, Optional<String>> problem) {
        List<Violation> violations = new ArrayList<>(0);
        for (int i = 0; i < files.size(); i++) {
            String attr = "artifacts__" + i + "__" + member;
            problem.apply(files.get(i))
                    .ifPresent(
                            text ->
                                    violations.add(
                                            Violation.of(
                                                    ErrorCode.ARTIFACT_TOO_LARGE, attr, text)));
        }
        if (!violations.isEmpty()) {
            throw new InvalidRequestException(violations);
        }
    }

    /**
     * Signs a form for each file, then reserves all their keys (contract D7).
     *
     * @param keys makes the key of an id and a safe name
     */
    public List<PreparedUpload> prepare(
            TaskId task, List<UploadItem> uploads, BiFunction<ArtifactId, String, String> keys) {
        Instant now = engine.now();
        List<PreparedUpload> prepared =
                orUnavailable(
                        "Unable to generate upload URL",
                        () -> uploads.stream().map(upload -> prepare(upload, keys, now)).toList());
        reserve(
                prepared.stream()
                        .map(upload -> reservation(task, upload.id(), upload.storagePath(), now))
                        .toList());
        return prepared;
    }

    /** A key that is kept for an upload which begins now. */
    public static Reservation reservation(TaskId task, ArtifactId id, String key, Instant now) {
        return new Reservation(task, id, key, now.plus(ObjectTags.STAGED_LIFETIME));
    }

    /** Remembers keys, so that what is never used is found and deleted (contract H7). */
    public void reserve(List<Reservation> reservations) {
        engine.backend().staging().reserve(access.project(), reservations);
    }

    /** The live reservation of an id that may be none (contract H6, check 1). */
    public Optional<Reservation> reservation(TaskId task, String id) {
        return Optional.of(id)
                .filter(ArtifactId::isValid)
                .flatMap(
                        valid ->
                                engine.backend()
                                        .staging()
                                        .findReservation(
                                                access.project(), task, new ArtifactId(valid)));
    }

    /** Measures what was uploaded (contract H6, checks 2 to 4). */
    public Artifact measured(ArtifactId id, FinalizeItem item, String attr, Instant now) {
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
                            throw InvalidRequestException.of(
                                    Violation.of(ErrorCode.ARTIFACT_TOO_LARGE, attr, text));
                        });
        return new Artifact(
                id, name, item.type(), item.source(), size, contentType, item.storagePath(), now);
    }

    private PreparedUpload prepare(
            UploadItem upload, BiFunction<ArtifactId, String, String> keys, Instant now) {
        ArtifactId id = ArtifactId.of(engine.ids().nextRandom());
        String name = SafeNames.of(upload.name());
        String key = keys.apply(id, name);
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

    /** Asks object storage; that it is away is told in the contract's words (contract C5). */
    public static <T> T orUnavailable(String detail, Supplier<T> storage) {
        try {
            return storage.get();
        } catch (BackendException failure) {
            throw UnavailableException.objectStore(detail, failure);
        }
    }

    private static InvalidRequestException refused(ErrorCode code, String attr) {
        return InvalidRequestException.of(Violation.of(code, attr));
    }
}
