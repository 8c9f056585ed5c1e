package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunLog.AppendResult;
import java.time.Instant;
import java.util.Optional;

/**
 * A request to append to a log.
 *
 * @param writer the sandbox that writes, if any
 * @param at the time of the append
 */
record LogAppend(
        ProjectId project, RunId run, Optional<SandboxId> writer, LogBatch batch, Instant at) {

    /** Returns the result if the run does not exist, or does not have the writer's attempt. */
    AppendResult refused() {
        return writer.isPresent() ? new RunLog.Superseded() : new RunLog.NotFound();
    }

    LogAppend withBatch(LogBatch rest) {
        return new LogAppend(project, run, writer, rest, at);
    }
}
