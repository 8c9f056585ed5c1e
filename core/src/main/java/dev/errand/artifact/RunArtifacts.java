package dev.errand.artifact;

import dev.errand.error.AccessDeniedException;
import dev.errand.error.ConflictException;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.spi.PortException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The operations on the artifacts of runs in one project, for one caller
 * (docs/wire/artifacts.md#i6).
 *
 * <p>A run accepts artifacts in every status. Concurrent uploads do not overwrite each other's
 * manifest entries. If an operation throws, the manifest is unchanged, except after a {@link
 * PortException}, which any operation can throw; it is safe to repeat then. Implementations are
 * thread-safe.
 */
public interface RunArtifacts {

    /**
     * Stores files that are part of the request: all or none.
     *
     * @return the whole manifest, with the new entries last, in the order of the request
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     * @throws InvalidRequestException if the request is not valid, or has too many or too large
     *     files
     * @throws NotFoundException if there is no such task or run
     * @throws ConflictException if concurrent updates prevented this one; it is safe to repeat
     * @throws UnavailableException if the object store failed
     */
    List<Artifact> upload(TaskId task, RunId run, UploadArtifactsRequest request);

    /**
     * Reserves a key and signs an upload form for each file: all or none
     * (docs/wire/artifacts.md#d7).
     *
     * @return the forms in the order of the request
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     * @throws InvalidRequestException if the request is not valid, or has too many or too large
     *     files
     * @throws NotFoundException if there is no such task or run
     * @throws UnavailableException if the object store failed
     */
    List<PreparedUpload> prepareUpload(TaskId task, RunId run, PrepareUploadsRequest request);

    /**
     * Verifies uploaded files and adds them to the manifest: all or none. Files that the manifest
     * contains already are left unchanged.
     *
     * @return the manifest entries of these files, in the order of the request
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     * @throws InvalidRequestException if the request is not valid, if a key was not issued for this
     *     run or has expired, or if a file was not uploaded or is too large
     * @throws NotFoundException if there is no such task or run
     * @throws ConflictException if concurrent updates prevented this one; it is safe to repeat
     * @throws UnavailableException if the object store failed
     */
    List<Artifact> finalizeUpload(TaskId task, RunId run, FinalizeUploadsRequest request);

    /**
     * Returns a link from which one artifact of the run can be read for an hour.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws InvalidRequestException if the request is not valid
     * @throws NotFoundException if there is no such task or run, or the run has no such artifact
     * @throws UnavailableException if the object store failed
     */
    ArtifactLink presign(TaskId task, RunId run, ArtifactReadRequest request);

    /**
     * Opens one artifact of the run, or of a run that it resumes. The caller closes the content.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws InvalidRequestException if the request is not valid
     * @throws NotFoundException if there is no such task or run, neither it nor a run that it
     *     resumes has such an artifact, or the object no longer exists
     * @throws UnavailableException if the object store failed
     */
    ArtifactContent download(TaskId task, RunId run, ArtifactReadRequest request);

    /**
     * A link from which an artifact can be read without credentials (docs/wire/artifacts.md#i6).
     *
     * @param url the absolute URL
     * @param expiresIn the validity of the link
     */
    record ArtifactLink(URI url, Duration expiresIn) {

        /** Requires that no component is null. */
        public ArtifactLink {
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(expiresIn, "expiresIn");
        }

        /** Returns a text without the URL, which is a credential. */
        @Override
        public String toString() {
            return "ArtifactLink[url=hidden, expiresIn=" + expiresIn + "]";
        }
    }
}
