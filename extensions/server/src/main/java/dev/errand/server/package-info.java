/**
 * Errand as a program of its own: {@link dev.errand.server.ErrandServer} puts an embedded servlet
 * host, storage, a directory and a launcher together, and {@link dev.errand.server.Main} is its
 * command line.
 */
package dev.errand.server;
