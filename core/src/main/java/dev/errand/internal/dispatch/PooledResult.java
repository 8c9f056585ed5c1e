package dev.errand.internal.dispatch;

/**
 * The result of a run that a worker pool has claimed, not yet written.
 *
 * @param run the run
 * @param outcome what its handler returned or threw
 * @param isShort whether the handler took less than a poll interval
 */
record PooledResult(PooledRun run, HandlerOutcome outcome, boolean isShort) {}
