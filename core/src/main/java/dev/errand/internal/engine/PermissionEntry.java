package dev.errand.internal.engine;

import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.PermissionRequest;
import java.util.Optional;

/**
 * An entry of a run's log that concerns permissions (docs/wire/clients.md#log-entries). An agent
 * logs each request with an id, and its resolution later.
 */
public sealed interface PermissionEntry {

    /** The agent asks for a permission. */
    record Requested(PermissionRequest request) implements PermissionEntry {}

    /** The request is answered, or does not need an answer any more. */
    record Resolved(String requestId) implements PermissionEntry {}

    /** An agent session began; requests of an earlier one are not answered any more. */
    record SessionStarted() implements PermissionEntry {}

    /** Returns what an entry says about permissions; empty for most entries. */
    static Optional<PermissionEntry> parse(JsonText entry) {
        String text = entry.text();
        if (!text.contains("posthog/permission_re") && !text.contains("posthog/run_started")) {
            return Optional.empty(); // Avoids parsing most entries.
        }
        Optional<JsonObject> notification = object(Optional.of(entry), "notification");
        Optional<JsonText> params =
                notification.flatMap(it -> it.member("params")).filter(JsonText::isObject);
        Optional<String> id =
                params.flatMap(JsonObject::tryParse).flatMap(it -> it.text("requestId"));
        return switch (notification.flatMap(it -> it.text("method")).orElse("")) {
            case "_posthog/permission_request" ->
                    id.map(it -> new Requested(new PermissionRequest(it, params.orElseThrow())));
            case "_posthog/permission_resolved" -> id.map(Resolved::new);
            case "_posthog/run_started" -> Optional.of(new SessionStarted());
            default -> Optional.empty();
        };
    }

    private static Optional<JsonObject> object(Optional<JsonText> within, String name) {
        return within.flatMap(JsonObject::tryParse)
                .flatMap(it -> it.member(name))
                .flatMap(JsonObject::tryParse);
    }
}
