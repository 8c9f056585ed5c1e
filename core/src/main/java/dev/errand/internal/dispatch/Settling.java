package dev.errand.internal.dispatch;

import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.run.RunChange;

/**
 * The last record of a run, decided and not written yet. Nobody attends to the run until it is.
 *
 * @param run the run
 * @param change what to write
 * @param isAtOnce whether its sandbox had ended when its launch came back
 * @param settled what is to be done once it is written
 * @param overtaken what is to be done instead, where it could not be written as it was decided
 */
public record Settling(
        Supervised run, RunChange change, boolean isAtOnce, Runnable settled, Runnable overtaken) {

    /** The same under a lease, which ends with it. */
    public Settling under(Lease lease) {
        return new Settling(
                run, change.withLease(lease).releasingLease(), isAtOnce, settled, overtaken);
    }
}
