package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.internal.engine.PermissionEntry;
import dev.errand.spi.run.PermissionRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.StoredLogEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Permission requests of an agent that no person has answered yet, read from the run's log. Reads
 * each log entry once. Not thread-safe.
 */
final class PendingPermissions {

    private static final int PAGE = 500;

    /** An agent that asks for more at once is not believed. */
    private static final int MAX_PENDING = 100;

    private final Map<String, PermissionRequest> pending = new LinkedHashMap<>();
    private long readTo;

    /** Reads the rest of the run's log; returns the requests that are pending, oldest first. */
    List<PermissionRequest> read(Engine engine, Run run) {
        List<StoredLogEntry> page;
        do {
            page =
                    engine.backend()
                            .log()
                            .read(run.project(), run.id(), LogFilter.ALL, readTo, PAGE);
            page.forEach(this::read);
        } while (page.size() == PAGE);
        return pending();
    }

    /** Returns the requests that were pending at the last read, oldest first. */
    List<PermissionRequest> pending() {
        return List.copyOf(pending.values());
    }

    private void read(StoredLogEntry line) {
        readTo = line.position();
        PermissionEntry.parse(line.json()).ifPresent(this::apply);
    }

    private void apply(PermissionEntry entry) {
        if (entry instanceof PermissionEntry.Requested requested) {
            if (pending.size() < MAX_PENDING) {
                pending.put(requested.request().id(), requested.request());
            }
        } else if (entry instanceof PermissionEntry.Resolved resolved) {
            pending.remove(resolved.requestId());
        } else {
            pending.clear();
        }
    }
}
