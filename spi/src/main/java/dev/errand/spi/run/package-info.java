/** Runs and queue entries as values, and the events that report their changes. */
@NullMarked
package dev.errand.spi.run;

import org.jspecify.annotations.NullMarked;
