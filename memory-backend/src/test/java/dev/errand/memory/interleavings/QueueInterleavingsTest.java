package dev.errand.memory.interleavings;

import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
import dev.errand.tck.TestRuns;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** docs/invariants.md#i6: at most one live lease a run, and no write under a stale token. */
@Param(name = "run", gen = IntGen.class, conf = "0:1")
@Param(name = "token", gen = IntGen.class, conf = "1:2")
public class QueueInterleavingsTest {

    private static final ClaimRequest ONE = OneTaskStorage.claim(1);

    private final OneTaskStorage storage = new OneTaskStorage();
    private final RunQueue queue = storage.backend.queue();
    private final StoredRun[] runs = {
        storage.insert(storage.aRun(0).build()), storage.insert(storage.aRun(1).build())
    };

    @Operation
    public Object claim() {
        return queue.claim(OneTaskStorage.SCOPE, ONE);
    }

    @Operation
    public Object renew(@Param(name = "run") int run, @Param(name = "token") int token) {
        return queue.renew(List.of(lease(run, token)), OneTaskStorage.LEASE.multipliedBy(2)).get(0);
    }

    @Operation
    public Object release(@Param(name = "run") int run, @Param(name = "token") int token) {
        return queue.release(lease(run, token));
    }

    @Operation
    public Object settle(@Param(name = "run") int run, @Param(name = "token") int token) {
        RunChange end =
                OneTaskStorage.end(runs[run], RunStatus.COMPLETED).withLease(lease(run, token));
        return TestRuns.settle(queue, List.of(new Settlement(end)));
    }

    @Operation
    public Object cancel(@Param(name = "run") int run) {
        RunChange end = OneTaskStorage.end(runs[run], RunStatus.CANCELLED);
        return storage.backend.runs().update(OneTaskStorage.PROJECT, end);
    }

    @Operation
    public Object nextDue() {
        return queue.nextDue(OneTaskStorage.SCOPE);
    }

    @Test
    void claimsAreLinearizable() {
        Interleavings.check(QueueInterleavingsTest.class);
    }

    private Lease lease(int run, int token) {
        return OneTaskStorage.lease(runs[run], token);
    }
}
