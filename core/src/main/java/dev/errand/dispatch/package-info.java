/**
 * Execution of queued runs. {@link dev.errand.dispatch.Dispatcher} launches sandboxes; {@link
 * dev.errand.dispatch.Worker} executes runs in the host's process.
 */
package dev.errand.dispatch;
