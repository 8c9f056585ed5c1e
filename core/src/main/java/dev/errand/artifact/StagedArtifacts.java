package dev.errand.artifact;

import dev.errand.error.AccessDeniedException;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.spi.PortException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.task.TaskId;
import java.util.List;

/**
 * The operations on artifacts that are uploaded before their run is created, in one project and for
 * one caller (docs/wire/artifacts.md#d7, #d8, #h).
 *
 * <p>An operation either takes effect as a whole or not at all. If it throws a {@link
 * PortException}, which any operation can, it may have taken effect; it is safe to repeat.
 * Implementations are thread-safe.
 */
public interface StagedArtifacts {

    /**
     * Reserves a key and signs an upload form for each file: all or none
     * (docs/wire/artifacts.md#d7).
     *
     * @return the forms in the order of the request
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request is not valid, or has too many or too large
     *     files
     * @throws NotFoundException if there is no such task
     * @throws UnavailableException if the object store failed
     */
    List<PreparedUpload> prepareUpload(TaskId task, PrepareUploadsRequest request);

    /**
     * Verifies uploaded files, after which a run can use them for a day: all or none
     * (docs/wire/artifacts.md#d8, #h6). Finalizing a file again extends that time.
     *
     * @return the artifacts in the order of the request
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request is not valid, if a key was not issued for this
     *     task or has expired, or if a file was not uploaded or is too large
     * @throws NotFoundException if there is no such task
     * @throws UnavailableException if the object store failed
     */
    List<Artifact> finalizeUpload(TaskId task, FinalizeUploadsRequest request);
}
