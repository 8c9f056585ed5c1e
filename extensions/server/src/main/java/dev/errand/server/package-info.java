/**
 * Errand as a standalone server. {@link dev.errand.server.ErrandServer} combines an embedded
 * servlet container, storage, a directory and a launcher; {@link dev.errand.server.Main} is the
 * command line.
 */
@NullMarked
package dev.errand.server;

import org.jspecify.annotations.NullMarked;
