/**
 * Execution of runs: their dispatch state, the queue with its leases, and the launchers of
 * sandboxes. Read {@link dev.errand.spi.dispatch.DispatchState} first.
 */
package dev.errand.spi.dispatch;
