package dev.errand.memory.interleavings;

import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** docs/architecture.md#w4: the late owner of an expired lease competes with the next owner. */
@Param(name = "token", gen = IntGen.class, conf = "1:2")
public class LeaseEndInterleavingsTest {

    private static final ClaimRequest ONE = OneTaskStorage.claim(1);

    private final OneTaskStorage storage = new OneTaskStorage();
    private final RunQueue queue = storage.backend.queue();
    private final StoredRun run = storage.insert(storage.aRun(0).build());

    public LeaseEndInterleavingsTest() {
        queue.claim(OneTaskStorage.SCOPE, ONE);
        storage.clock.advance(OneTaskStorage.LEASE.plus(Duration.ofSeconds(1)));
    }

    @Operation
    public Object claim() {
        return queue.claim(OneTaskStorage.SCOPE, ONE);
    }

    @Operation
    public Object renew(@Param(name = "token") int token) {
        return queue.renew(List.of(OneTaskStorage.lease(run, token)), OneTaskStorage.LEASE).get(0);
    }

    @Operation
    public Object release(@Param(name = "token") int token) {
        return queue.release(OneTaskStorage.lease(run, token));
    }

    @Operation
    public Object complete(@Param(name = "token") int token) {
        return storage.backend
                .runs()
                .update(
                        OneTaskStorage.PROJECT,
                        OneTaskStorage.end(run, RunStatus.COMPLETED)
                                .withLease(OneTaskStorage.lease(run, token)));
    }

    @Test
    void aLateOwnerIsEitherFirstOrRejected() {
        Interleavings.check(LeaseEndInterleavingsTest.class);
    }
}
