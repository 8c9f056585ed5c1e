/** Runs as values, with their dispatch state, and the events that tell of their changes. */
@NullMarked
package dev.errand.spi.run;

import org.jspecify.annotations.NullMarked;
