/** Clients that send mutated requests, and hold connections, to a real server. */
@NullMarked
package dev.errand.server.hostile;

import org.jspecify.annotations.NullMarked;
