package dev.errand.agents;

import dev.errand.spi.JsonText;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxListener.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads the lines that an agent program prints. Remembers what the result needs, in bounded memory,
 * whatever the program prints. Not thread-safe.
 */
public interface AgentStream {

    /**
     * Translates a line into entries of the run's log (docs/wire/logs.md#i5). Never throws because
     * of the content of a line: one that is not understood becomes console entries.
     *
     * @param source the stream that the line was written to
     * @param line a line without its terminator; a launcher may have cut a long line into several
     * @param time the time of the entries
     */
    List<JsonText> translate(Source source, String line, Instant time);

    /**
     * Returns the result of the program after its last line.
     *
     * @param exitCode its exit code
     * @param stop why it was stopped, if it was
     * @param now the current time, for limits that end "in 20 minutes"
     */
    AgentResult result(int exitCode, Optional<StopReason> stop, Instant now);
}
