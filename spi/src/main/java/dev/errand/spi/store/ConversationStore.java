package dev.errand.spi.store;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores the conversations of runs, at most one for each run (docs/wire/conversations.md#l4). The
 * content is in the object store. {@link RetentionStore} erases it with the log of the run, and the
 * whole conversation with the task.
 *
 * <p>Implementations are thread-safe. Every method is atomic. A run of another task or project, and
 * one whose task was deleted, is treated as not found. A {@link dev.errand.spi.PortException} means
 * that the storage failed.
 */
public interface ConversationStore {

    /** Finds the conversation of a run. Empty if there is no such run, or it has none. */
    Optional<Conversation> find(ProjectId project, TaskId task, RunId run);

    /**
     * Returns the conversation of a run; if it has none, creates one without content.
     *
     * <p><b>Result</b>: empty if there is no such run. <b>Retry</b> is safe.
     *
     * @param newId the id of the conversation if it is created
     */
    Optional<Conversation> getOrCreate(ProjectId project, TaskId task, RunId run, UUID newId);

    /**
     * Replaces the content of the conversation of {@link ConversationChange#writer()}'s run.
     *
     * <p><b>Result</b>: {@link ConversationResult.Replaced} if the conversation refers to the new
     * object afterwards. The reservation is then consumed, and the object that was replaced is
     * listed for deletion ({@link RetentionStore#listObjectDeletions}). Every other result means
     * that nothing changed. Conditions are checked in this order: existence, current sandbox, same
     * content, expected content.
     *
     * <p><b>Atomicity</b>: all or nothing. <b>Retry</b> after an unknown outcome is safe; it
     * returns {@link ConversationResult.SameContent} if the first attempt succeeded.
     */
    ConversationResult replace(ProjectId project, ConversationChange change);
}
