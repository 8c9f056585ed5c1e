package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.LogNotice;
import dev.errand.internal.json.LogEntries;
import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Appends the output of a sandbox to the log of its run, one entry for each line. */
final class ConsoleLog {

    private ConsoleLog() {}

    static void append(
            Engine engine, SandboxId sandbox, SandboxListener.Source source, List<String> lines) {
        if (engine.logs().drops(sandbox.run())) {
            return;
        }
        Instant now = engine.now();
        String level = source == SandboxListener.Source.STDERR ? "error" : "info";
        append(
                engine,
                sandbox,
                lines.stream()
                        .map(line -> new LogNotice(now, level, line, Optional.empty()).toJson())
                        .toList());
    }

    /**
     * Appends one entry with the notes on the result of a sandbox, if there are any. A repetition
     * has no effect.
     */
    static void appendNotes(Engine engine, SandboxId sandbox, List<String> notes) {
        if (!notes.isEmpty()) {
            String text = ExternalText.clean("Left out of the result: " + String.join("; ", notes));
            Optional<String> eventId = Optional.of("errand-result-" + sandbox.attempt());
            engine.logs()
                    .appendNotice(
                            sandbox.project(),
                            sandbox.run(),
                            new LogNotice(engine.now(), "warn", text, eventId));
        }
    }

    /** Appends entries that the launcher made of the output. */
    static void append(Engine engine, SandboxId sandbox, List<JsonText> entries) {
        if (engine.logs().drops(sandbox.run())) {
            return;
        }
        engine.logs()
                .append(
                        sandbox.project(),
                        sandbox.run(),
                        Optional.of(sandbox),
                        LogEntries.toStore(entries),
                        Optional.empty());
    }
}
