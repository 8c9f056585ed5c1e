package dev.errand.spi.store;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Stores the logs of all runs. Entries are appended and read, never changed (docs/wire/logs.md#i5,
 * #i7).
 *
 * <p>The cost of appending depends on the appended entries, not on the length of the log.
 * Implementations are thread-safe. A {@link dev.errand.spi.PortException} means that the storage
 * failed.
 */
public interface RunLog {

    /** Number of latest entries of a run among which a repeated {@code event_id} is recognised. */
    int EVENT_ID_WINDOW = 20_000;

    /**
     * Appends entries to the end of a run's log, contiguously and in order.
     *
     * <p><b>Precondition</b>: a writer is a sandbox of the run.
     *
     * <p><b>Result</b>: {@link Appended} if the log now contains every entry, each exactly once. An
     * entry whose event id occurs among the run's last {@value #EVENT_ID_WINDOW} entries is not
     * stored again. If the key was used by the same request, nothing is stored, and the result is
     * {@code Appended} with {@code stored} 0. Every other result means that nothing changed. {@link
     * KeyConflict}, which is checked first, if the key was used by another request. {@link
     * NotFound} if no writer is given and the project has no such run. {@link Superseded} if a
     * writer is given, but the run does not exist or its current attempt is not the writer's.
     * Whether the run has ended, or its task was deleted, makes no difference.
     *
     * <p><b>Atomicity</b>: all or nothing. Once a change of the run to another attempt is visible,
     * no entry of an earlier attempt is appended. Once the run was erased ({@link
     * RetentionStore#eraseTasks}), it has no log and gets none.
     *
     * <p><b>Retry</b> after an unknown outcome is safe for entries with event ids, and for all
     * entries with a key.
     *
     * @param writer the sandbox that writes, or empty if the entries do not come from one
     */
    AppendResult append(
            ProjectId project,
            RunId run,
            Optional<SandboxId> writer,
            List<LogEntry> entries,
            Optional<Idempotency> key);

    /**
     * Finds the time at which the last entry of a run was appended, by the backend's clock. Empty
     * if the log is empty.
     */
    Optional<Instant> lastAppendedAt(ProjectId project, RunId run);

    /** Measures a log. The cost may depend on the length of the log; not called for each append. */
    LogSize size(ProjectId project, RunId run);

    /**
     * Reads the entries that a filter selects, in ascending order of their positions.
     *
     * @param after the position after which to start, 0 for the start of the log
     * @param max maximum number of entries; fewer are returned only at the end of the log
     */
    List<StoredLogEntry> read(ProjectId project, RunId run, LogFilter filter, long after, int max);

    /**
     * Finds where a page begins, and counts the entries, without reading the entries themselves.
     *
     * @param offset number of selected entries before the page, at least 0
     */
    LogPage findPage(ProjectId project, RunId run, LogFilter filter, long offset);

    /** Result of {@link #append}. */
    sealed interface AppendResult {}

    /**
     * The log contains the entries.
     *
     * @param stored number of entries that are new
     * @param lastPosition position of the last entry of the log, 0 if the log is empty
     */
    record Appended(int stored, long lastPosition) implements AppendResult {}

    /** The project has no such run; nothing changed. */
    record NotFound() implements AppendResult {}

    /** The writer's attempt is not the run's current one; nothing changed. The writer must stop. */
    record Superseded() implements AppendResult {}

    /** The key was used before for another request; nothing changed. */
    record KeyConflict() implements AppendResult {}
}
