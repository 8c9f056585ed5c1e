/**
 * Brings committed runs to execution. Read {@link dev.errand.dispatch.Dispatcher} first; {@code
 * Attendance} is the protocol of design 5 for one run, and {@code SandboxOutcome} the table of how
 * runs end.
 */
package dev.errand.dispatch;
