package dev.errand.dispatch;

import dev.errand.spi.run.PermissionRequest;
import dev.errand.spi.run.Run;

/**
 * Denies permission requests of agents, by a command to the agent. Implemented by the host.
 * Implementations are thread-safe.
 */
@FunctionalInterface
public interface PermissionResponder {

    /**
     * Denies a request of the agent of a run. If this method throws, or the agent does not log that
     * the request is resolved, it is called again about 30 seconds later.
     *
     * @param run the run, as last read by the dispatcher
     * @param request the request, of which the agent logged no resolution yet
     */
    void deny(Run run, PermissionRequest request);
}
