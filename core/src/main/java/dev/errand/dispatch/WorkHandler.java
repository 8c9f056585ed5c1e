package dev.errand.dispatch;

import dev.errand.run.UpdateRunRequest;

/**
 * Executes runs in the host's process, for a {@link WorkerPool}. Calls for different runs can be
 * concurrent, so a handler must be thread-safe.
 */
@FunctionalInterface
public interface WorkHandler {

    /**
     * Executes a run. A run may be executed again after a crash or a lost lease, so effects outside
     * of Errand should be idempotent.
     *
     * <p>If the handler is {@linkplain WorkContext#isCancelled() cancelled}, its thread is
     * interrupted; it should then return or throw soon.
     *
     * @return the update that ends the run, with a terminal status; the rules for updates apply
     *     (docs/wire/runs.md#i2)
     * @throws Exception if the execution failed; the run then fails with the message of the
     *     exception. An {@link Error} also fails the run, and is rethrown on the handler's thread
     */
    UpdateRunRequest handle(WorkContext context) throws Exception;
}
