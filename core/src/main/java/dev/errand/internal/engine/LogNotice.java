package dev.errand.internal.engine;

import dev.errand.config.LogLimit;
import dev.errand.internal.json.Json;
import dev.errand.internal.json.JsonObject;
import dev.errand.internal.json.WireTime;
import dev.errand.spi.JsonText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A console message in a log, in the format that agents use for their own console.
 *
 * @param time when it was written
 * @param level {@code info}, {@code warn} or {@code error}
 * @param message the text
 * @param eventId prevents that it is stored twice; empty if it may be
 */
public record LogNotice(Instant time, String level, String message, Optional<String> eventId) {

    /** Returns the notice that entries were dropped. */
    public static LogNotice limitReached(Instant time, LogLimit limit) {
        String message =
                "The log has reached its limit of %d entries or %d bytes. Further entries are dropped."
                        .formatted(limit.maxEntries(), limit.maxBytes());
        return new LogNotice(time, "warn", message, Optional.of("errand-log-limit"));
    }

    /** Returns the log entry. */
    public JsonText toJson() {
        Map<String, JsonText> params = new LinkedHashMap<>();
        params.put("level", Json.quote(level));
        params.put("message", Json.quote(message));
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
