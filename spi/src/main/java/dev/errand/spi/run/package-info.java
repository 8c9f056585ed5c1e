/**
 * Runs, their log, their secrets and the ports that keep them. Read {@link
 * dev.errand.spi.run.RunStore} first, then {@link dev.errand.spi.run.RunChange}, which makes an
 * illegal change impossible to ask for.
 */
@NullMarked
package dev.errand.spi.run;

import org.jspecify.annotations.NullMarked;
