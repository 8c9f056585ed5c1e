package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.internal.engine.Engine;
import dev.errand.spi.BackendException;
import dev.errand.spi.store.ClaimedRun;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews leases. Called by the thread of the dispatch cycle and not by the threads that work on
 * runs, because a launch may take longer than a lease.
 */
final class LeaseRenewer {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseRenewer.class);

    private final Engine engine;
    private final DispatchOptions options;
    private final LeasedWriter writer;

    LeaseRenewer(Engine engine, DispatchOptions options, LeasedWriter writer) {
        this.engine = engine;
        this.options = options;
        this.writer = writer;
    }

    /** Renews the leases of these runs in one step, or one by one if that fails. */
    void renew(List<LeasedRun> runs) {
        if (runs.size() < 2) {
            renewOneByOne(runs);
            return;
        }
        List<Optional<ClaimedRun>> renewed;
        try {
            renewed =
                    engine.backend()
                            .queue()
                            .renew(
                                    runs.stream().map(LeasedRun::lease).toList(),
                                    options.leaseDuration());
        } catch (BackendException failure) {
            LOG.warn(
                    "could not renew {} leases together; renewing each alone",
                    runs.size(),
                    failure);
            renewOneByOne(runs);
            return;
        }
        for (int i = 0; i < runs.size(); i++) {
            apply(runs.get(i), renewed.get(i));
        }
    }

    /**
     * A row that cannot be read, or is locked, must not prevent the renewal of the others. Throws
     * the second of two retryable failures in a row: the storage is probably unavailable, and each
     * further attempt would wait as long as the first.
     */
    private void renewOneByOne(List<LeasedRun> runs) {
        boolean hasJustFailed = false;
        for (LeasedRun run : runs) {
            try {
                apply(
                        run,
                        engine.backend()
                                .queue()
                                .renew(List.of(run.lease()), options.leaseDuration())
                                .get(0));
                hasJustFailed = false;
            } catch (RuntimeException failure) {
                boolean isRetryable =
                        failure instanceof BackendException fault && fault.isRetryable();
                if (isRetryable && hasJustFailed) {
                    throw failure;
                }
                hasJustFailed = isRetryable;
                LOG.warn("could not renew the lease on run {}", run.run().id(), failure);
            }
        }
    }

    private void apply(LeasedRun run, Optional<ClaimedRun> renewed) {
        renewed.ifPresentOrElse(
                claimed -> run.renewed(claimed, QueueClient.nextRenewal(engine.now(), options)),
                () -> RunMdc.within(run.run(), () -> writer.leaseLost(run)));
    }
}
