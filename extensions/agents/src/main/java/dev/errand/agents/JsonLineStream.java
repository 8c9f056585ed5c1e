package dev.errand.agents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.agents.SessionUpdates.Level;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxListener.Source;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads a program that prints one JSON object a line. Lines that are no object, such as those of
 * the error output and those that were cut, become console entries.
 */
abstract class JsonLineStream implements AgentStream {

    private static final int LAST_ERRORS = 5;
    private static final int MAX_WORDS = 2000;

    private final Deque<String> lastErrors = new ArrayDeque<>();

    @Override
    public final List<JsonText> translate(Source source, String line, Instant time) {
        SessionUpdates updates = new SessionUpdates(time);
        if (source == Source.STDERR) {
            rememberError(line);
            return updates.console(Level.ERROR, line).entries();
        }
        Optional<JsonNode> event = line.startsWith("{") ? JsonLines.parse(line) : Optional.empty();
        if (event.isEmpty()) {
            return updates.console(Level.INFO, line).entries();
        }
        if (!translate(event.get(), updates)) {
            updates.console(Level.DEBUG, line);
        }
        return updates.entries();
    }

    /**
     * Adds the entries of an event. Returns false if the event is unknown; it then becomes a
     * console entry as it is.
     */
    abstract boolean translate(JsonNode event, SessionUpdates updates);

    /**
     * Returns why a program failed that ended without saying so.
     *
     * @param pending the last failure that the program wanted to retry, if it did not succeed since
     */
    final Optional<AgentFailure> withoutResult(
            int exitCode, Optional<StopReason> stop, Optional<AgentFailure> pending) {
        boolean timedOut =
                stop.filter(r -> r == StopReason.TIME_LIMIT || r == StopReason.INACTIVITY)
                        .isPresent();
        if (stop.isPresent() && !timedOut) {
            return Optional.empty();
        }
        if (pending.isPresent()) {
            return pending;
        }
        if (timedOut) {
            return Optional.of(AgentFailure.of(AgentFailure.Kind.TIMED_OUT, lastErrors()));
        }
        String words = lastErrors();
        return Optional.of(
                AgentFailure.of(
                        AgentFailure.Kind.CRASHED,
                        words.isEmpty() ? "exit code " + exitCode + " without a result" : words));
    }

    private void rememberError(String line) {
        if (line.isBlank()) {
            return;
        }
        lastErrors.addLast(words(line));
        if (lastErrors.size() > LAST_ERRORS) {
            lastErrors.removeFirst();
        }
    }

    private String lastErrors() {
        return words(String.join("\n", lastErrors));
    }

    /** Returns the start of a text, for a message. */
    static String words(String text) {
        return text.length() <= MAX_WORDS ? text : text.substring(0, MAX_WORDS) + "...";
    }

    static Optional<String> text(JsonNode event, String member) {
        return Optional.ofNullable(event.path(member).textValue());
    }
}
