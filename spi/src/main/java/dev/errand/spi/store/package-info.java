/**
 * The storage ports, with their arguments and results. A backend implements {@link
 * dev.errand.spi.store.Backend}; read {@link dev.errand.spi.store.TaskStore} first.
 */
@NullMarked
package dev.errand.spi.store;

import org.jspecify.annotations.NullMarked;
