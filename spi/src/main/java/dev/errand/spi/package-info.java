/**
 * What every port shares: ids, opaque JSON, secrets, paging, idempotency, the {@link
 * dev.errand.spi.Backend} bundle and the root of all failures. Whoever writes a backend starts at
 * {@link dev.errand.spi.task.TaskStore} and {@link dev.errand.spi.run.RunStore}. This module needs
 * the JDK and nothing else.
 */
@NullMarked
package dev.errand.spi;

import org.jspecify.annotations.NullMarked;
