package dev.errand.http;

import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import java.util.Optional;

/**
 * Matches log entries against a query (docs/wire/logs.md#i8).
 *
 * @param query the query
 */
record LogEntryFilter(SessionLogQuery query) {

    private static final String UPDATE = "session/update";

    /** Whether an entry matches. */
    boolean accepts(JsonText entry) {
        boolean matchesAll =
                query.after().isEmpty()
                        && query.eventTypes().isEmpty()
                        && query.excludeTypes().isEmpty();
        return matchesAll || JsonObject.tryParse(entry).filter(this::accepts).isPresent();
    }

    private boolean accepts(JsonObject entry) {
        String type = type(entry);
        boolean isIncluded = query.eventTypes().isEmpty() || query.eventTypes().contains(type);
        return isIncluded && !query.excludeTypes().contains(type) && isAfter(entry);
    }

    private boolean isAfter(JsonObject entry) {
        return query.after().isEmpty()
                || entry.text("timestamp")
                        .flatMap(SessionLogQuery::time)
                        .filter(time -> time.isAfter(query.after().get()))
                        .isPresent();
    }

    /** Returns the method of an entry, or for session updates the kind of update. */
    private static String type(JsonObject entry) {
        Optional<JsonObject> notification = inner(entry, "notification");
        String method = notification.flatMap(message -> message.text("method")).orElse("");
        if (!method.equals(UPDATE)) {
            return method;
        }
        return notification
                .flatMap(message -> inner(message, "params"))
                .flatMap(params -> inner(params, "update"))
                .flatMap(update -> update.text("sessionUpdate"))
                .orElse(UPDATE);
    }

    private static Optional<JsonObject> inner(JsonObject object, String name) {
        return object.member(name).flatMap(JsonObject::tryParse);
    }
}
