/** Watching runs: one reader for each watched run, and the subscribers that it serves. */
@NullMarked
package dev.errand.internal.watch;

import org.jspecify.annotations.NullMarked;
