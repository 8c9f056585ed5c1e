/**
 * Fault injection with three servers, one PostgreSQL and real agents, after which all invariants
 * must hold. {@link dev.errand.server.chaos.ChaosRun} is the command, {@link
 * dev.errand.server.chaos.ChaosTest} its short form; {@link
 * dev.errand.server.chaos.InvariantChecker} checks the invariants.
 */
package dev.errand.server.chaos;
