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
        JsonText time = Json.quote(WireTime.format(engine.now()));
        JsonText level = Json.quote(source == SandboxListener.Source.STDERR ? "error" : "info");
        List<LogEntry> entries =
                LogEntries.toStore(lines.stream().map(line -> entry(time, level, line)).toList());
        engine.backend()
                .log()
                .append(
                        sandbox.project(),
                        sandbox.run(),
                        Optional.of(sandbox),
                        entries,
                        Optional.empty());
    }

    private static JsonText entry(JsonText time, JsonText level, String line) {
        Map<String, JsonText> params = new LinkedHashMap<>();
        params.put("level", level);
        params.put("message", Json.quote(line));
        Map<String, JsonText> notification = new LinkedHashMap<>();
        notification.put("jsonrpc", Json.quote("2.0"));
        notification.put("method", Json.quote("_posthog/console"));
        notification.put("params", JsonObject.of(params).toJson());
        Map<String, JsonText> entry = new LinkedHashMap<>();
        entry.put("type", Json.quote("notification"));
        entry.put("timestamp", time);
        entry.put("notification", JsonObject.of(notification).toJson());
        return JsonObject.of(entry).toJson();
    }
}
