package dev.errand.http;

import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import java.util.Optional;

/**
 * Tells which entries of a log a query wants (contract I8).
 *
 * @param query the query
 */
record LogEntryFilter(SessionLogQuery query) {

    private static final String UPDATE = "session/update";

    /** Whether an entry is wanted. */
    boolean accepts(JsonText entry) {
        boolean wantsAll =
                query.after().isEmpty()
                        && query.eventTypes().isEmpty()
                        && query.excludeTypes().isEmpty();
        return wantsAll || JsonObject.tryParse(entry).filter(this::accepts).isPresent();
    }

    private boolean accepts(JsonObject entry) {
        String type = type(entry);
        boolean wantedType = query.eventTypes().isEmpty() || query.eventTypes().contains(type);
        return wantedType && !query.excludeTypes().contains(type) && isLateEnough(entry);
    }

    private boolean isLateEnough(JsonObject entry) {
        return query.after().isEmpty()
                || entry.text("timestamp")
                        .flatMap(SessionLogQuery::time)
                        .filter(time -> time.isAfter(query.after().get()))
                        .isPresent();
    }

    /** The method; of the updates, which are most of a log, the kind of update. */
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
