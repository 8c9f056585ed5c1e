package dev.errand.memory.interleavings;

import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import java.time.Duration;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** W4: a lease has run out, and its late owner and the next one meet. */
@Param(name = "token", gen = IntGen.class, conf = "1:2")
public class LeaseEndInterleavingsTest {

    private static final ClaimRequest ONE = Stage.claim(1);

    private final Stage stage = new Stage();
    private final RunQueue queue = stage.backend.queue();
    private final Run run = stage.insert(stage.aRun(0).build());

    public LeaseEndInterleavingsTest() {
        queue.claim(Stage.SCOPE, ONE);
        stage.clock.advance(Stage.LEASE.plus(Duration.ofSeconds(1)));
    }

    @Operation
    public Object claim() {
        return queue.claim(Stage.SCOPE, ONE);
    }

    @Operation
    public Object renew(@Param(name = "token") int token) {
        return queue.renew(List.of(Stage.lease(run, token)), Stage.LEASE).get(0);
    }

    @Operation
    public Object release(@Param(name = "token") int token) {
        return queue.release(Stage.lease(run, token));
    }

    @Operation
    public Object complete(@Param(name = "token") int token) {
        return stage.backend
                .runs()
                .update(
                        Stage.PROJECT,
                        Stage.end(run, RunStatus.COMPLETED).withLease(Stage.lease(run, token)));
    }

    @Test
    void aLateOwnerIsEitherFirstOrRefused() {
        Interleavings.check(LeaseEndInterleavingsTest.class);
    }
}
