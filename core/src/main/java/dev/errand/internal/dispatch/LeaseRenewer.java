package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.spi.PortException;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews leases. Called by the thread of the dispatch cycle and not by the threads that work on
 * runs, because a launch or a handler may take longer than a lease.
 */
final class LeaseRenewer {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseRenewer.class);

    private final Engine engine;
    private final Duration leaseDuration;

    LeaseRenewer(Engine engine, Duration leaseDuration) {
        this.engine = engine;
        this.leaseDuration = leaseDuration;
    }

    /**
     * Renews the leases of these runs in one step, or one by one if that fails.
     *
     * @param lease returns the lease of a run
     * @param onResult receives each run with its renewed lease, or with empty if the lease is lost
     */
    <T> void renew(
            List<T> runs, Function<T, Lease> lease, BiConsumer<T, Optional<ClaimedRun>> onResult) {
        if (runs.size() < 2) {
            renewOneByOne(runs, lease, onResult);
            return;
        }
        List<Optional<ClaimedRun>> renewed;
        try {
            renewed = renewAll(runs.stream().map(lease).toList());
        } catch (PortException failure) {
            LOG.warn(
                    "could not renew {} leases together; renewing each alone",
                    runs.size(),
                    failure);
            renewOneByOne(runs, lease, onResult);
            return;
        }
        for (int i = 0; i < runs.size(); i++) {
            onResult.accept(runs.get(i), renewed.get(i));
        }
    }

    /**
     * A row that cannot be read, or is locked, must not prevent the renewal of the others. Throws
     * the second of two retryable failures in a row: the storage is probably unavailable, and each
     * further attempt would wait as long as the first.
     */
    private <T> void renewOneByOne(
            List<T> runs, Function<T, Lease> lease, BiConsumer<T, Optional<ClaimedRun>> onResult) {
        boolean hasJustFailed = false;
        for (T run : runs) {
            Lease held = lease.apply(run);
            try {
                onResult.accept(run, renewAll(List.of(held)).get(0));
                hasJustFailed = false;
            } catch (RuntimeException failure) {
                boolean isRetryable = failure instanceof PortException fault && fault.isRetryable();
                if (isRetryable && hasJustFailed) {
                    throw failure;
                }
                hasJustFailed = isRetryable;
                LOG.warn("could not renew the lease on run {}", held.run(), failure);
            }
        }
    }

    private List<Optional<ClaimedRun>> renewAll(List<Lease> leases) {
        return engine.backend().queue().renew(leases, leaseDuration);
    }
}
