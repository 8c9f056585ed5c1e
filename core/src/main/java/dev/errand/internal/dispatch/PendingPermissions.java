package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.StoredLogEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Permission requests of an agent that no person has answered yet. An agent logs each request with
 * an id, and its resolution later. Reads each log entry once. Not thread-safe.
 */
final class PendingPermissions {

    private static final int PAGE = 500;
    private static final String METHOD_MARKER = "posthog/";
    private static final String REQUESTED = "\"_posthog/permission_request\"";
    private static final String RESOLVED = "\"_posthog/permission_resolved\"";
    private static final String STARTED = "\"_posthog/run_started\"";

    private static final JsonText NOTHING = JsonText.of("null");

    private final Set<JsonText> pending = new HashSet<>();
    private long readTo;

    /** Reads the rest of the run's log; returns whether a request is pending at its end. */
    boolean arePending(Engine engine, Run run) {
        List<StoredLogEntry> page;
        do {
            page =
                    engine.backend()
                            .log()
                            .read(run.project(), run.id(), LogFilter.ALL, readTo, PAGE);
            page.forEach(this::read);
        } while (page.size() == PAGE);
        return !pending.isEmpty();
    }

    private void read(StoredLogEntry line) {
        readTo = line.position();
        if (!line.json().text().contains(METHOD_MARKER)) {
            return; // Most entries: avoids parsing them.
        }
        Optional<JsonObject> notification = object(Optional.of(line.json()), "notification");
        String method = notification.flatMap(it -> member(it, "method")).orElse(NOTHING).text();
        Optional<JsonText> request =
                notification
                        .flatMap(it -> object(Optional.of(it.toJson()), "params"))
                        .flatMap(it -> member(it, "requestId"));
        switch (method) {
            case REQUESTED -> request.ifPresent(pending::add);
            case RESOLVED -> request.ifPresent(pending::remove);
            case STARTED -> pending.clear(); // Requests of an earlier attempt.
            default -> {}
        }
    }

    private static Optional<JsonObject> object(Optional<JsonText> within, String name) {
        return within.flatMap(JsonObject::tryParse)
                .flatMap(it -> member(it, name))
                .flatMap(JsonObject::tryParse);
    }

    private static Optional<JsonText> member(JsonObject object, String name) {
        return Optional.ofNullable(object.members().get(name));
    }
}
