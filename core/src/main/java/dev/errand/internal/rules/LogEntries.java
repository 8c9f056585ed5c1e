package dev.errand.internal.rules;

import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.LogEntry;
import java.util.List;
import java.util.Optional;

/** What of an append is kept (contract I5). */
public final class LogEntries {

    private static final String CHUNK = "agent_message_chunk";

    private LogEntries() {}

    /** The entries to store: all but the pieces of messages that are logged whole later. */
    public static List<LogEntry> kept(List<JsonText> entries) {
        return entries.stream().flatMap(entry -> kept(entry).stream()).toList();
    }

    private static Optional<LogEntry> kept(JsonText entry) {
        boolean mayMatter = entry.text().contains(CHUNK) || entry.text().contains("event_id");
        if (!mayMatter) {
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
