package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
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

    LogAppend withBatch(LogBatch rest) {
        return new LogAppend(project, run, writer, rest, at);
    }
}
