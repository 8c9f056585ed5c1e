package dev.errand.run;

import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.task.TaskId;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The operations on the conversations of runs: the files from which agent programs continue
 * (docs/wire/conversations.md#l4). Thread-safe.
 */
public interface Conversations {

    /** The largest content, in bytes. */
    int MAX_BYTES = 10 * 1024 * 1024;

    /** The validity of a link to the content. */
    Duration LINK_LIFETIME = Duration.ofSeconds(3600);

    /**
     * Returns the conversation of a run, which is created without content if there is none.
     *
     * @throws dev.errand.error.NotFoundException if the task does not exist or was deleted, or if
     *     it has no such run
     * @throws dev.errand.error.AccessDeniedException if the caller may not read the run
     */
    Conversation get(TaskId task, RunId run);

    /**
     * Returns a link by which the content can be read without credentials for {@link
     * #LINK_LIFETIME}, or empty if there is no content.
     *
     * @throws dev.errand.error.UnavailableException if the object store fails
     */
    Optional<URI> link(TaskId task, RunId run);

    /**
     * Opens the content, or returns empty if there is none. The caller closes the stream.
     *
     * @throws dev.errand.error.UnavailableException if the object store fails
     */
    Optional<InputStream> open(TaskId task, RunId run);

    /**
     * Replaces the content on behalf of the sandbox of the run's current attempt, even after the
     * run has ended. Content that is stored already is accepted again, whatever the request
     * expects.
     *
     * @return the conversation afterwards
     * @throws dev.errand.error.InvalidRequestException if a value is missing or too large
     * @throws dev.errand.error.AccessDeniedException if the token of the run is not valid for it
     *     and for the named sandbox
     * @throws dev.errand.error.NotFoundException if there is no such run, or it has no conversation
     * @throws dev.errand.error.ConflictException if the content is empty, the sandbox was replaced,
     *     or the stored content is not the expected one
     * @throws dev.errand.error.UnavailableException if the object store fails
     */
    Conversation replace(TaskId task, RunId run, ReplaceConversationRequest request);
}
