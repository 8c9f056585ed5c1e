package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.StoredLogEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether an agent waits for a person to allow something, as its log says (real clients 3, 5): it
 * logs each request with an id, and later that it was resolved. Reads each entry once.
 */
public final class PendingPermissions {

    private static final int PAGE = 500;
    private static final String COMMON = "posthog/";
    private static final String REQUESTED = "\"_posthog/permission_request\"";
    private static final String RESOLVED = "\"_posthog/permission_resolved\"";
    private static final String STARTED = "\"_posthog/run_started\"";

    private static final JsonText NOTHING = JsonText.of("null");

    private final Set<JsonText> pending = new HashSet<>();
    private long readTo;

    /** Whether one is pending by the end of the run's log. */
    public boolean arePending(Engine engine, Run run) {
        List<StoredLogEntry> page;
        do {
            page = engine.backend().log().read(run.project(), run.id(), readTo, PAGE);
            page.forEach(this::read);
        } while (page.size() == PAGE);
        return !pending.isEmpty();
    }

    public void read(StoredLogEntry line) {
        readTo = line.position();
        if (!line.json().text().contains(COMMON)) {
            return; // Nearly every entry: not worth parsing.
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
            case STARTED -> pending.clear(); // Who asked before is no more.
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
