package dev.errand.process;

import dev.errand.agents.AgentStream;
import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxListener.Source;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Translates batches of output lines into log entries. A batch that a listener rejected is not
 * translated again, so that the stream reads each line once. Not thread-safe.
 */
final class OutputTranslator {

    private final AgentStream stream;
    private final Clock clock;
    private final Map<Source, List<JsonText>> unacknowledged = new EnumMap<>(Source.class);

    OutputTranslator(ActiveProfile profile, Clock clock) {
        this.stream = profile.stream();
        this.clock = clock;
    }

    /** Returns the entries of a batch, the same ones until it is acknowledged. */
    List<JsonText> entries(Source source, List<String> lines) {
        return unacknowledged.computeIfAbsent(source, unused -> translate(source, lines));
    }

    void acknowledge(Source source) {
        unacknowledged.remove(source);
    }

    /** Forgets batches, because the output is read again and may be divided differently. */
    void reset() {
        unacknowledged.clear();
    }

    private List<JsonText> translate(Source source, List<String> lines) {
        Instant now = clock.instant();
        return lines.stream()
                .flatMap(line -> stream.translate(source, line, now).stream())
                .toList();
    }
}
