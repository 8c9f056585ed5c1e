/**
 * Errand as a standalone server. {@link dev.errand.server.ErrandServer} combines an embedded
 * servlet container, storage, a directory and a launcher; {@link dev.errand.server.Main} is the
 * command line.
 */
package dev.errand.server;
