package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.internal.json.Json;
import dev.errand.internal.json.JsonObject;
import dev.errand.internal.json.LogEntries;
import dev.errand.internal.json.WireTime;
import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxListener;
import dev.errand.spi.store.LogEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Appends the output of a sandbox to the log of its run, one entry for each line, in the format
 * that agents use for their own console.
 */
final class ConsoleLog {

    private ConsoleLog() {}

    static void append(
            Engine engine, SandboxId sandbox, SandboxListener.Source source, List<String> lines) {
        Instant now = engine.now();
        String level = source == SandboxListener.Source.STDERR ? "error" : "info";
        append(
                engine,
                sandbox,
                lines.stream().map(line -> entry(now, level, line, Optional.empty())).toList());
    }

    /**
     * Appends one entry with the notes on the result of a sandbox, if there are any. A repetition
     * has no effect.
     */
    static void appendNotes(Engine engine, SandboxId sandbox, List<String> notes) {
        if (!notes.isEmpty()) {
            String line = ExternalText.clean("Left out of the result: " + String.join("; ", notes));
            Optional<String> eventId = Optional.of("errand-result-" + sandbox.attempt());
            append(engine, sandbox, List.of(entry(engine.now(), "warn", line, eventId)));
        }
    }

    private static void append(Engine engine, SandboxId sandbox, List<JsonText> entries) {
        List<LogEntry> stored = LogEntries.toStore(entries);
        engine.backend()
                .log()
                .append(
                        sandbox.project(),
                        sandbox.run(),
                        Optional.of(sandbox),
                        stored,
                        Optional.empty());
    }

    private static JsonText entry(
            Instant time, String level, String line, Optional<String> eventId) {
        Map<String, JsonText> params = new LinkedHashMap<>();
        params.put("level", Json.quote(level));
        params.put("message", Json.quote(line));
        Map<String, JsonText> notification = new LinkedHashMap<>();
        notification.put("jsonrpc", Json.quote("2.0"));
        notification.put("method", Json.quote("_posthog/console"));
        notification.put("params", JsonObject.of(params).toJson());
        Map<String, JsonText> entry = new LinkedHashMap<>();
        eventId.ifPresent(id -> entry.put("event_id", Json.quote(id)));
        entry.put("type", Json.quote("notification"));
        entry.put("timestamp", Json.quote(WireTime.format(time)));
        entry.put("notification", JsonObject.of(notification).toJson());
        return JsonObject.of(entry).toJson();
    }
}
