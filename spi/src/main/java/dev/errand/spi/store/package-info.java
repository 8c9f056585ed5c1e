/**
 * The storage ports, with their arguments and results. Start with {@link
 * dev.errand.spi.store.Backend}, which a backend implements, then read {@link
 * dev.errand.spi.store.TaskStore}.
 */
@NullMarked
package dev.errand.spi.store;

import org.jspecify.annotations.NullMarked;
