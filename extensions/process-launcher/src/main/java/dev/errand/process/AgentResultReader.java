package dev.errand.process;

import dev.errand.agents.AgentFailure;
import dev.errand.agents.AgentResult;
import dev.errand.agents.AgentStream;
import dev.errand.agents.TokenUsage;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.SandboxListener.Source;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads the result of an agent program from all of its output. The forwarder cannot remember it,
 * because another launcher may have forwarded the beginning.
 */
final class AgentResultReader {

    private AgentResultReader() {}

    static AgentResult read(
            SandboxDirectory directory,
            ActiveProfile profile,
            int exitCode,
            Optional<StopReason> stop,
            Instant now)
            throws IOException {
        AgentStream stream = profile.stream();
        try (OutputFileReader reader =
                new OutputFileReader(directory.standardOutput(), 0, ActiveProfile.MAX_LINE_BYTES)) {
            List<String> lines = reader.next(true);
            while (!lines.isEmpty()) {
                lines.forEach(line -> stream.translate(Source.STDOUT, line, now));
                reader.acknowledge();
                lines = reader.next(true);
            }
        }
        LastLines.ofError(directory).forEach(line -> stream.translate(Source.STDERR, line, now));
        return stream.result(exitCode, stop, now);
    }

    /** Returns the report of a result, with the conversation that was kept. */
    static AgentReport report(AgentResult result, SandboxDirectory directory) {
        return new AgentReport(
                result.usage().map(TokenUsage::toJson),
                result.sessionId(),
                result.failure().map(AgentFailure::describe),
                result.failure().flatMap(AgentFailure::retryAt),
                SessionFiles.kept(directory));
    }
}
