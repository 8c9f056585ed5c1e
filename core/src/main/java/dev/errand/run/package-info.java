/**
 * Runs: their requests, their rules as tables and pure functions, and the service. Read {@link
 * dev.errand.run.RunTransitions} first, then {@link dev.errand.run.Runs}.
 */
package dev.errand.run;
