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
     * Tells the agent of a run that a request is denied. If it throws, or the agent does not log
     * that the request is resolved, it is called again after half a minute or so.
     *
     * @param run the run, as last read by the dispatcher
     * @param request the request, of which the agent logged no resolution yet
     */
    void deny(Run run, PermissionRequest request);
}
