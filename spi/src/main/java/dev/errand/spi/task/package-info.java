/** Tasks as values. */
@NullMarked
package dev.errand.spi.task;

import org.jspecify.annotations.NullMarked;
