package dev.errand.internal.rules;

import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import dev.errand.spi.store.LogEntry;
import java.util.List;
import java.util.Optional;

/** Selects the log entries that are stored (docs/wire/logs.md#i5). */
public final class LogEntries {

    private static final String CHUNK = "agent_message_chunk";

    private LogEntries() {}

    /**
     * Returns the entries to store, with their event ids: all but message chunks, because the
     * complete message is logged separately.
     */
    public static List<LogEntry> toStore(List<JsonText> entries) {
        return entries.stream().flatMap(entry -> toStore(entry).stream()).toList();
    }

    private static Optional<LogEntry> toStore(JsonText entry) {
        boolean mustBeParsed = entry.text().contains(CHUNK) || entry.text().contains("event_id");
        if (!mustBeParsed) {
            return Optional.of(new LogEntry(entry, Optional.empty()));
        }
        JsonObject members = JsonObject.parse(entry);
        return isChunk(members)
                ? Optional.empty()
                : Optional.of(new LogEntry(entry, members.text("event_id")));
    }

    private static boolean isChunk(JsonObject entry) {
        Optional<JsonObject> notification =
                entry.member("notification").flatMap(JsonObject::tryParse);
        boolean update =
                notification
                        .flatMap(message -> message.text("method"))
                        .equals(Optional.of("session/update"));
        return update
                && notification
                        .flatMap(message -> message.member("params"))
                        .flatMap(JsonObject::tryParse)
                        .flatMap(params -> params.member("update"))
                        .flatMap(JsonObject::tryParse)
                        .flatMap(body -> body.text("sessionUpdate"))
                        .equals(Optional.of(CHUNK));
    }
}
