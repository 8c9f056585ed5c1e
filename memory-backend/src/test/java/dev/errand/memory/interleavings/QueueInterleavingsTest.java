package dev.errand.memory.interleavings;

import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.dispatch.Settlement;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunStatus;
import dev.errand.tck.TestRuns;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** I6: at most one live lease a run, and no write under a stale token. */
@Param(name = "run", gen = IntGen.class, conf = "0:1")
@Param(name = "token", gen = IntGen.class, conf = "1:2")
public class QueueInterleavingsTest {

    private static final ClaimRequest ONE = Stage.claim(1);

    private final Stage stage = new Stage();
    private final RunQueue queue = stage.backend.queue();
    private final Run[] runs = {
        stage.insert(stage.aRun(0).build()), stage.insert(stage.aRun(1).build())
    };

    @Operation
    public Object claim() {
        return queue.claim(Stage.SCOPE, ONE);
    }

    @Operation
    public Object renew(@Param(name = "run") int run, @Param(name = "token") int token) {
        return queue.renew(List.of(lease(run, token)), Stage.LEASE.multipliedBy(2)).get(0);
    }

    @Operation
    public Object release(@Param(name = "run") int run, @Param(name = "token") int token) {
        return queue.release(lease(run, token));
    }

    @Operation
    public Object settle(@Param(name = "run") int run, @Param(name = "token") int token) {
        RunChange end = Stage.end(runs[run], RunStatus.COMPLETED).withLease(lease(run, token));
        return TestRuns.settle(queue, List.of(new Settlement(end)));
    }

    @Operation
    public Object cancel(@Param(name = "run") int run) {
        RunChange end = Stage.end(runs[run], RunStatus.CANCELLED);
        return stage.backend.runs().update(Stage.PROJECT, end);
    }

    @Operation
    public Object nextDue() {
        return queue.nextDue(Stage.SCOPE);
    }

    @Test
    void leasesAreHandedOutAsIfOneAfterTheOther() {
        Interleavings.check(QueueInterleavingsTest.class);
    }

    private Lease lease(int run, int token) {
        return Stage.lease(runs[run], token);
    }
}
