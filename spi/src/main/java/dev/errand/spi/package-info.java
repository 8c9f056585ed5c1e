/**
 * Types that all ports share: ids, opaque JSON, secrets, paging, idempotency keys, the {@link
 * dev.errand.spi.store.Backend} that bundles the storage ports, and the root of all exceptions.
 *
 * <p>To write a backend, start with {@link dev.errand.spi.store.TaskStore} and {@link
 * dev.errand.spi.store.RunStore}. This module depends on the JDK only.
 */
@NullMarked
package dev.errand.spi;

import org.jspecify.annotations.NullMarked;
