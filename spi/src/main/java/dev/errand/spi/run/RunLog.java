package dev.errand.spi.run;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.SandboxId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the logs of all runs: append and read, never change (contract I5, I7).
 *
 * <p>Appending costs what the entries cost, whatever the log's length. Thread-safe.
 */
public interface RunLog {

    /** Within how many last entries of a run an {@code event_id} is recognised. */
    int REMEMBERED_EVENT_IDS = 20_000;

    /**
     * Appends entries behind everything that stands, contiguous and in order.
     *
     * <p><b>Precondition</b>: the run exists. <b>Postcondition</b>: {@link Appended}: each entry
     * stands once, unless the run has its event id among its last {@value #REMEMBERED_EVENT_IDS}
     * entries, or the key was used by the same request, and then it stood before. {@link
     * KeyConflict}: nothing changed. <b>Atomic</b>: all or nothing. <b>Retry</b> is safe for
     * entries with event ids, and for all with a key.
     */
    AppendResult append(
            ProjectId project, RunId run, List<LogEntry> entries, Optional<Idempotency> key);

    /**
     * Appends as {@link #append(ProjectId, RunId, List, Optional)} does what an execution of the
     * run sent, if no later one was asked for.
     *
     * <p><b>Postcondition</b>: {@link Superseded}: the run is in another attempt than {@code by},
     * or there is no such run, and nothing changed; no key was used. Whether the run has ended
     * makes no difference. <b>Atomic</b>: once a change to another attempt was seen, nothing of
     * this one will be appended.
     *
     * @param by the execution that writes, of a run of the project
     */
    AppendResult appendBy(
            ProjectId project, SandboxId by, List<LogEntry> entries, Optional<Idempotency> key);

    /**
     * When the last entry of a run was appended, by the backend's clock; empty if there is none, or
     * none since times are kept.
     */
    Optional<Instant> lastAppendedAt(ProjectId project, RunId run);

    /**
     * Reads entries in order, from the first whose position is greater than {@code after}.
     *
     * @param after 0 for the start of the log
     * @param max how many at most; fewer come only when the log ends there
     */
    List<StoredLogEntry> read(ProjectId project, RunId run, long after, int max);

    /** What became of an append. */
    sealed interface AppendResult {}

    /**
     * The entries stand; {@code stored} of them are new, and {@code last} is the position of the
     * log's end.
     */
    record Appended(int stored, long last) implements AppendResult {}

    /** Another execution of the run was asked for; nothing changed: who sent this must stop. */
    record Superseded() implements AppendResult {}

    /** The key was used before for another request; nothing changed. */
    record KeyConflict() implements AppendResult {}
}
