package dev.errand.artifact;

import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.error.UnavailableException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.List;

/**
 * The artifacts of the runs of one project, for one caller (contract I6). Thread-safe.
 *
 * <p>A run takes artifacts in every status. An entry is added to its manifest by a conditional
 * change of the run, so that none is lost to another that comes at the same time. Every method
 * throws {@link RequestException} if the caller may not or names what is not there, {@link
 * InvalidRequestException} if the request breaks a rule, and {@link
 * dev.errand.spi.BackendException} or {@link UnavailableException} if storage fails; then the
 * manifest is as it was.
 */
public interface RunArtifacts {

    /**
     * Stores files that come inside of the request; all or nothing.
     *
     * @return the whole manifest, the new entries last, in request order
     */
    List<Artifact> upload(TaskId task, RunId run, UploadArtifactsRequest request);

    /**
     * Reserves keys and signs an upload form for each, in request order; all or nothing (contract
     * D7).
     */
    List<PreparedUpload> prepareUpload(TaskId task, RunId run, PrepareUploadsRequest request);

    /**
     * Measures what was uploaded and adds it to the manifest; all or nothing. What is in it already
     * stays as it is.
     *
     * @return the entries of this request, in its order
     */
    List<Artifact> finalizeUpload(TaskId task, RunId run, FinalizeUploadsRequest request);

    /** Signs a link that reads one artifact of the run for an hour. */
    ArtifactLink presign(TaskId task, RunId run, ArtifactReadRequest request);

    /** Opens one artifact of the run, or of a run that it resumes. */
    ArtifactContent download(TaskId task, RunId run, ArtifactReadRequest request);
}
