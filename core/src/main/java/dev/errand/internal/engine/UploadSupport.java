package dev.errand.internal.engine;

import dev.errand.artifact.ArtifactMetadata;
import dev.errand.artifact.FinalizeItem;
import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.UploadItem;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.UnavailableException;
import dev.errand.error.Violation;
import dev.errand.internal.rules.AttachmentLimits;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.internal.rules.SafeNames;
import dev.errand.internal.wire.JsonWireFormat;
import dev.errand.spi.JsonText;
import dev.errand.spi.PortException;
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
 * The parts that uploads to a task and uploads to a run share: limits, upload forms, and the
 * verification of uploaded objects (docs/wire/artifacts.md#d7, #d8, #h).
 */
record UploadSupport(Engine engine, AccessControl access) {

    /**
     * Checks the number of files of a request (docs/wire/idempotency-and-limits.md#j21).
     *
     * @throws InvalidRequestException if there are too many
     */
    void checkCount(int count) {
        int max = engine.options().maxArtifactsPerRequest();
        if (count > max) {
            throw InvalidRequestException.of(
                    Violation.of(
                            ErrorCode.MAX_LENGTH,
                            "artifacts",
                            "Ensure this field has no more than " + max + " elements."));
        }
    }

    /**
     * Checks the declared sizes of files (docs/wire/artifacts.md#h4).
     *
     * @throws InvalidRequestException if any file is too large
     */
    void checkDeclaredSizes(List<UploadItem> uploads) {
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
     * Checks the size of each file.
     *
     * @param member the member that violations point to, {@code size} or {@code content}
     * @param problem returns why a file is too large, or empty
     * @throws InvalidRequestException with a violation for each file that is too large
     */
    <T> void checkSizes(List<T> files, String member, Function<T, Optional<String>> problem) {
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
     * Signs an upload form for each file and reserves all their keys (docs/wire/artifacts.md#d7).
     *
     * @param keys creates the key for an id and a safe name
     * @throws UnavailableException if the object store fails
     */
    List<PreparedUpload> prepare(
            TaskId task, List<UploadItem> uploads, BiFunction<ArtifactId, String, String> keys) {
        Instant now = engine.now();
        List<PreparedUpload> prepared =
                callStore(
                        "Unable to generate upload URL",
                        () -> uploads.stream().map(upload -> prepare(upload, keys, now)).toList());
        reserve(
                prepared.stream()
                        .map(upload -> reservation(task, upload.id(), upload.storagePath(), now))
                        .toList());
        return prepared;
    }

    /** Creates the reservation of a key for an upload that begins now. */
    static Reservation reservation(TaskId task, ArtifactId id, String key, Instant now) {
        return new Reservation(task, id, key, now.plus(ObjectTags.STAGED_LIFETIME));
    }

    /**
     * Stores reservations, by which unused objects are later found and deleted
     * (docs/wire/artifacts.md#h7).
     */
    void reserve(List<Reservation> reservations) {
        engine.backend().staging().reserve(access.project(), reservations);
    }

    /**
     * Finds the reservation with an id from a request, which may not be well-formed
     * (docs/wire/artifacts.md#h6-row-1).
     */
    Optional<Reservation> reservation(TaskId task, String id) {
        return Optional.of(id)
                .filter(ArtifactId::isValid)
                .flatMap(
                        valid ->
                                engine.backend()
                                        .staging()
                                        .findReservation(
                                                access.project(), task, new ArtifactId(valid)));
    }

    /**
     * An uploaded object that is finalised.
     *
     * @param id the id that was issued for it
     * @param item the item of the request
     * @param attr the path of the item in the request
     */
    record Upload(ArtifactId id, FinalizeItem item, String attr) {}

    /**
     * Verifies an uploaded object (docs/wire/artifacts.md#h6-row-2 to #h6-row-4). Its forms stay
     * valid, so that a rejected upload can be replaced.
     *
     * @throws InvalidRequestException if the object does not exist, has no size or is too large
     * @throws UnavailableException if the object store fails
     */
    void verify(Upload upload, Instant now) {
        String key = upload.item().storagePath();
        artifact(upload, now, () -> engine.objects().head(access.project(), key));
    }

    /**
     * Voids the forms of an upload and returns its manifest entry. What is verified and described
     * is the object that stays: an upload may have replaced the one that {@link #verify} has seen
     * (docs/wire/artifacts.md#h5).
     *
     * @throws InvalidRequestException as {@link #verify}
     * @throws UnavailableException if the object store fails
     */
    Artifact close(Upload upload, Instant now) {
        String key = upload.item().storagePath();
        return artifact(upload, now, () -> engine.objects().closeUploads(access.project(), key));
    }

    private Artifact artifact(Upload upload, Instant now, Supplier<Optional<ObjectHead>> object) {
        FinalizeItem item = upload.item();
        String attr = upload.attr();
        ObjectHead head =
                callStore("Unable to read artifact", object)
                        .orElseThrow(() -> invalid(ErrorCode.UPLOAD_NOT_FOUND, attr));
        long size =
                head.sizeInBytes()
                        .orElseThrow(() -> invalid(ErrorCode.UPLOAD_METADATA_UNAVAILABLE, attr));
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
                upload.id(),
                name,
                item.type(),
                item.source(),
                size,
                contentType,
                item.storagePath(),
                now,
                toJson(item.metadata()));
    }

    /** Returns the stored form of metadata. */
    static Optional<JsonText> toJson(Optional<ArtifactMetadata> metadata) {
        return metadata.map(JsonWireFormat::toJson);
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
                form,
                toJson(upload.metadata()));
    }

    /**
     * Calls the object store.
     *
     * @throws UnavailableException with this detail, if the call fails (docs/wire/errors.md#c5)
     */
    static <T> T callStore(String detail, Supplier<T> call) {
        try {
            return call.get();
        } catch (PortException failure) {
            throw UnavailableException.objectStore(detail, failure);
        }
    }

    private static InvalidRequestException invalid(ErrorCode code, String attr) {
        return InvalidRequestException.of(Violation.of(code, attr));
    }
}
