package dev.errand.wire;

import dev.errand.artifact.ArtifactLink;
import dev.errand.artifact.PreparedUpload;
import dev.errand.run.RelayResult;
import dev.errand.spi.Page;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.TaskWithLatestRun;
import java.util.List;
import java.util.Optional;

/**
 * Reads request bodies and writes response bodies of one project as JSON in UTF-8 (contract A, D).
 * Thread-safe.
 */
public interface WireFormat {

    /**
     * Reads a request body. No bytes, or only white space, are read as an object without members
     * (contract 0). The constraints of the request are validated by the operation it is passed to.
     *
     * @param type the type of the request
     * @throws dev.errand.error.InvalidRequestException if the body is not JSON, or a member has the
     *     wrong type; with all problems of the request
     */
    <R extends Record> R read(Class<R> type, byte[] body);

    /** Writes a task with its latest run (contract A2). */
    byte[] writeTask(TaskWithLatestRun task);

    /**
     * Writes a page of tasks (contract D0).
     *
     * @param next the URL of the next page
     * @param previous the URL of the previous page
     */
    byte[] writeTasks(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous);

    /**
     * Writes a page of task summaries (contract I14).
     *
     * @param next the URL of the next page
     * @param previous the URL of the previous page
     */
    byte[] writeSummaries(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous);

    /** Writes repository names (contract I15). */
    byte[] writeRepositories(List<String> repositories);

    /** Writes a run (contract A3). */
    byte[] writeRun(Run run);

    /**
     * Writes a page of runs (contract D0).
     *
     * @param next the URL of the next page
     * @param previous the URL of the previous page
     */
    byte[] writeRuns(Page<Run> page, Optional<String> next, Optional<String> previous);

    /** Writes manifest entries (contract A4). */
    byte[] writeArtifacts(List<Artifact> artifacts);

    /** Writes reserved keys with their upload forms (contract D7). */
    byte[] writePreparedUploads(List<PreparedUpload> uploads);

    /** Writes a link to an artifact (contract I6). */
    byte[] writeLink(ArtifactLink link);

    /** Writes the result of relaying a message (contract I12). */
    byte[] writeRelayResult(RelayResult result);
}
