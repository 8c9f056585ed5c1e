package dev.errand.artifact;

import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.task.TaskId;
import java.util.List;

/**
 * The staged artifacts of one project, for one caller (contract D7, D8, H). Thread-safe.
 *
 * <p>Every method throws {@link RequestException} if the caller may not or the task is not there,
 * {@link InvalidRequestException} if the request breaks a rule, and {@link BackendException} if
 * storage fails; then nothing became usable.
 */
public interface StagedArtifacts {

    /**
     * Reserves keys and signs an upload form for each, in request order; all or nothing (contract
     * D7).
     */
    List<PreparedUpload> prepareUpload(TaskId task, PrepareUploadsRequest request);

    /**
     * Measures what was uploaded and makes it usable for a day, in request order; all or nothing
     * (contract D8, H6).
     */
    List<Artifact> finalizeUpload(TaskId task, FinalizeUploadsRequest request);
}
