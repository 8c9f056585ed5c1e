/**
 * Runs, their logs and secrets, and the ports that store them. Read {@link
 * dev.errand.spi.run.RunStore} first, then {@link dev.errand.spi.run.RunChange}, which rules out
 * illegal updates.
 */
@NullMarked
package dev.errand.spi.run;

import org.jspecify.annotations.NullMarked;
