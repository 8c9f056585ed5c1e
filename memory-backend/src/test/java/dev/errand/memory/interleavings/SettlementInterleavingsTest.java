package dev.errand.memory.interleavings;

import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.dispatch.SettleAndClaimResult;
import dev.errand.spi.dispatch.Settlement;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunUpdateResult;
import dev.errand.tck.TestRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * I6 for several runs at a time. Each settlement of a list is a step of its own for who looks
 * meanwhile, so that the answers are not those of whole lists one after the other; but each run
 * ends once, for the owner of one lease, and no lease is handed out twice.
 */
@Param(name = "token", gen = IntGen.class, conf = "1:2")
public class SettlementInterleavingsTest {

    private static final ClaimRequest BOTH = Stage.claim(2);

    private final Stage stage = new Stage();
    private final RunQueue queue = stage.backend.queue();
    private final List<Run> runs =
            Stream.of(0, 1).map(it -> stage.insert(stage.aRun(it).build())).toList();

    /** What both threads were told. */
    private final List<RunUpdateResult> answers = new ArrayList<>();

    private final List<ClaimedRun> claimed = new ArrayList<>();

    /** The first leases are over, and may or may not have been followed by second ones. */
    public SettlementInterleavingsTest() {
        tell(List.of(), queue.claim(Stage.SCOPE, BOTH));
        stage.clock.advance(Stage.LEASE.plus(Duration.ofSeconds(1)));
    }

    @Operation
    public void claim() {
        tell(List.of(), queue.claim(Stage.SCOPE, BOTH));
    }

    @Operation
    public void settle(@Param(name = "token") int token) {
        tell(TestRuns.settle(queue, both(token)), List.of());
    }

    @Operation
    public void settleAndClaim(@Param(name = "token") int token) {
        SettleAndClaimResult turnover = queue.settleAndClaim(both(token), Stage.SCOPE, BOTH);
        tell(turnover.settled(), turnover.claimed());
    }

    /**
     * Called after each way in which the calls interleave; plain, for it is played in slow motion.
     */
    @Validate
    public void eachRunEndsOnceAndEachLeaseIsOfOne() {
        for (Run run : runs) {
            long ends = answers.stream().filter(it -> isEndOf(run, it)).count();
            Run now = stage.backend.runs().find(Stage.PROJECT, run.task(), run.id()).orElseThrow();
            boolean ended = now.status() == RunStatus.COMPLETED;
            if (ends != (ended ? 1 : 0)) {
                throw new IllegalStateException(now + " was told to have ended " + ends + " times");
            }
            if (ended && queue.findLease(Stage.PROJECT, run.id()).isPresent()) {
                throw new IllegalStateException(now + " has ended and is under a lease");
            }
            List<Long> tokens =
                    claimed.stream()
                            .filter(it -> it.run().id().equals(run.id()))
                            .map(it -> it.lease().token())
                            .toList();
            if (Set.copyOf(tokens).size() < tokens.size()) {
                throw new IllegalStateException(now + " was handed out under " + tokens);
            }
        }
    }

    private static boolean isEndOf(Run run, RunUpdateResult answer) {
        return answer instanceof RunUpdateResult.Updated advanced
                && advanced.run().id().equals(run.id());
    }

    @Test
    void runsThatAreSettledTogetherEndOnceEach() {
        Interleavings.checkWhatIsValidated(SettlementInterleavingsTest.class);
    }

    private List<Settlement> both(int token) {
        return runs.stream()
                .map(it -> Stage.end(it, RunStatus.COMPLETED).withLease(Stage.lease(it, token)))
                .map(Settlement::new)
                .toList();
    }

    private synchronized void tell(List<RunUpdateResult> settled, List<ClaimedRun> leases) {
        answers.addAll(settled);
        claimed.addAll(leases);
    }
}
