/**
 * Runs: the operations, their requests and results, and the state machine. Start with {@link
 * dev.errand.run.Runs} and {@link dev.errand.run.RunTransitions}.
 */
@NullMarked
package dev.errand.run;

import org.jspecify.annotations.NullMarked;
