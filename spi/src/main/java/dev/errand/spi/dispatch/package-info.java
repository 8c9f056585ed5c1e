/**
 * Execution of runs: their dispatch state, the queue with its leases, and the launchers of
 * sandboxes. Read {@link dev.errand.spi.dispatch.DispatchState} first.
 */
@NullMarked
package dev.errand.spi.dispatch;

import org.jspecify.annotations.NullMarked;
