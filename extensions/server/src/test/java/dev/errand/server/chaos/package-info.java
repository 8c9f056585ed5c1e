/**
 * Three servers, one PostgreSQL, real agents, and somebody who kills and pauses them: afterwards
 * every run must be where it should be. {@link dev.errand.server.chaos.ChaosRun} is the command,
 * {@link dev.errand.server.chaos.ChaosTest} its short form; read {@link
 * dev.errand.server.chaos.Verdict} for what must hold.
 */
package dev.errand.server.chaos;
