package dev.errand.wire;

import dev.errand.artifact.PreparedUpload;
import dev.errand.artifact.RunArtifacts;
import dev.errand.run.Runs;
import dev.errand.spi.Page;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.ModelCatalogue;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.UsageCosts;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Reads request bodies and writes response bodies of one project as JSON in UTF-8
 * (docs/wire/README.md#a, #d). Thread-safe.
 */
public interface WireFormat {

    /**
     * Reads a request body. No bytes, or only white space, are read as an object without members
     * (docs/wire/conventions.md#conventions). The constraints of the request are validated by the
     * operation it is passed to.
     *
     * @param type the type of the request
     * @throws dev.errand.error.InvalidRequestException if the body is not JSON, or a member has the
     *     wrong type; with all problems of the request
     */
    <R extends Record> R read(Class<R> type, byte[] body);

    /**
     * Reads a request body like {@link #read(Class, byte[])} from a stream, without holding all of
     * it in memory. Closes the stream.
     *
     * @throws java.io.UncheckedIOException if the stream cannot be read
     */
    <R extends Record> R read(Class<R> type, InputStream body);

    /** Writes a task with its latest run (docs/wire/tasks.md#a2). */
    byte[] writeTask(TaskWithLatestRun task);

    /** Writes a task whose latest run was just created (docs/wire/starting-runs.md#l5). */
    byte[] writeStartedTask(TaskWithLatestRun task);

    /** Writes a task that was created together with its first run (docs/wire/tasks.md#l5). */
    byte[] writeCreatedTask(TaskWithLatestRun task);

    /**
     * Writes a page of tasks (docs/wire/conventions.md#d0).
     *
     * @param next the URL of the next page
     * @param previous the URL of the previous page
     */
    byte[] writeTasks(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous);

    /**
     * Writes a page of tasks with the beginning of each description (docs/wire/tasks.md#l7).
     *
     * @param next the URL of the next page
     * @param previous the URL of the previous page
     */
    byte[] writeBasicTasks(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous);

    /**
     * Writes a page of task summaries (docs/wire/tasks.md#i14).
     *
     * @param next the URL of the next page
     * @param previous the URL of the previous page
     */
    byte[] writeSummaries(
            Page<TaskWithLatestRun> page, Optional<String> next, Optional<String> previous);

    /** Writes repository names (docs/wire/tasks.md#i15). */
    byte[] writeRepositories(List<String> repositories);

    /** Writes models (docs/wire/tasks.md#l8). */
    byte[] writeModels(List<ModelCatalogue.Model> models);

    /** Writes the cost of a task (docs/wire/tasks.md#l9). */
    byte[] writeUsage(UsageCosts.UsageCost cost);

    /** Writes a run (docs/wire/runs.md#a3). */
    byte[] writeRun(Run run);

    /** Writes the state of a run as a stream contains it (docs/wire/stream.md#i13). */
    byte[] writeRunState(Run run);

    /**
     * Writes a page of runs (docs/wire/conventions.md#d0).
     *
     * @param next the URL of the next page
     * @param previous the URL of the previous page
     */
    byte[] writeRuns(Page<Run> page, Optional<String> next, Optional<String> previous);

    /** Writes manifest entries (docs/wire/artifacts.md#a4). */
    byte[] writeArtifacts(List<Artifact> artifacts);

    /** Writes reserved keys with their upload forms (docs/wire/artifacts.md#d7). */
    byte[] writePreparedUploads(List<PreparedUpload> uploads);

    /** Writes a link to an artifact (docs/wire/artifacts.md#i6). */
    byte[] writeLink(RunArtifacts.ArtifactLink link);

    /** Writes a connection token (docs/wire/runs.md#i10). */
    byte[] writeConnectionToken(Secret token);

    /**
     * Writes a conversation with a link to its content (docs/wire/conversations.md#l4.1).
     *
     * @param link empty if it has no content
     */
    byte[] writeConversation(Conversation conversation, Optional<URI> link);

    /** Writes a conversation whose content was replaced (docs/wire/conversations.md#l4.2). */
    byte[] writeReplacedConversation(Conversation conversation);

    /** Writes the result of relaying a message (docs/wire/runs.md#i12). */
    byte[] writeRelayResult(Runs.RelayResult result);
}
