/**
 * Execution of queued runs. {@link dev.errand.dispatch.Dispatcher} launches sandboxes; {@link
 * dev.errand.dispatch.WorkerPool} executes runs in the host's process.
 */
@NullMarked
package dev.errand.dispatch;

import org.jspecify.annotations.NullMarked;
