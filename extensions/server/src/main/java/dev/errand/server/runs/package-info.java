/**
 * The operator's view of runs: {@code errand-server runs}, a client of a running server that speaks
 * the published wire and nothing else. Begin at {@link dev.errand.server.runs.RunsCommand}.
 */
package dev.errand.server.runs;
