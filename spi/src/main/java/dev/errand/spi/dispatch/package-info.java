/**
 * What brings a committed run to execution: the intent in the run's row, the queue with its leases,
 * and the launcher of sandboxes. Read {@link dev.errand.spi.dispatch.DispatchState} first.
 */
@NullMarked
package dev.errand.spi.dispatch;

import org.jspecify.annotations.NullMarked;
