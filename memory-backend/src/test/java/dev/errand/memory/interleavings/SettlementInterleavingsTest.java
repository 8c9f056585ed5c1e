package dev.errand.memory.interleavings;

import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
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
 * docs/invariants.md#i6 for several runs at a time: each run ends once, for the owner of one lease,
 * and no lease is given twice. Results are not compared, because readers may observe the
 * settlements of a list one by one.
 */
@Param(name = "token", gen = IntGen.class, conf = "1:2")
public class SettlementInterleavingsTest {

    private static final ClaimRequest BOTH = OneTaskStorage.claim(2);

    private final OneTaskStorage storage = new OneTaskStorage();
    private final RunQueue queue = storage.backend.queue();
    private final List<StoredRun> runs =
            Stream.of(0, 1).map(it -> storage.insert(storage.aRun(it).build())).toList();

    /** The results that both threads received. */
    private final List<RunUpdateResult> answers = new ArrayList<>();

    private final List<ClaimedRun> claimed = new ArrayList<>();

    /** The first leases have expired; the runs may have been claimed again. */
    public SettlementInterleavingsTest() {
        record(List.of(), queue.claim(OneTaskStorage.SCOPE, BOTH));
        storage.clock.advance(OneTaskStorage.LEASE.plus(Duration.ofSeconds(1)));
    }

    @Operation
    public void claim() {
        record(List.of(), queue.claim(OneTaskStorage.SCOPE, BOTH));
    }

    @Operation
    public void settle(@Param(name = "token") int token) {
        record(TestRuns.settle(queue, both(token)), List.of());
    }

    @Operation
    public void settleAndClaim(@Param(name = "token") int token) {
        SettleAndClaimResult result = queue.settleAndClaim(both(token), OneTaskStorage.SCOPE, BOTH);
        record(result.settled(), result.claimed());
    }

    /**
     * Called after each interleaving. Written without assertion library, which is slow to analyse.
     */
    @Validate
    public void everyRunEndsOnceAndEveryLeaseHasOneOwner() {
        for (StoredRun run : runs) {
            long ends = answers.stream().filter(it -> isEndOf(run, it)).count();
            StoredRun now =
                    storage.backend
                            .runs()
                            .find(OneTaskStorage.PROJECT, run.task(), run.id())
                            .orElseThrow();
            boolean ended = now.run().status() == RunStatus.COMPLETED;
            if (ends != (ended ? 1 : 0)) {
                throw new IllegalStateException(
                        now + " was reported to have ended " + ends + " times");
            }
            if (ended && queue.findLease(OneTaskStorage.PROJECT, run.id()).isPresent()) {
                throw new IllegalStateException(now + " has ended and still has a lease");
            }
            List<Long> tokens =
                    claimed.stream()
                            .filter(it -> it.run().id().equals(run.id()))
                            .map(it -> it.lease().token())
                            .toList();
            if (Set.copyOf(tokens).size() < tokens.size()) {
                throw new IllegalStateException(now + " was claimed under " + tokens);
            }
        }
    }

    private static boolean isEndOf(StoredRun run, RunUpdateResult answer) {
        return answer instanceof RunUpdateResult.Updated advanced
                && advanced.run().id().equals(run.id());
    }

    @Test
    void runsSettledTogetherEndOnce() {
        Interleavings.checkValidationOnly(SettlementInterleavingsTest.class);
    }

    private List<Settlement> both(int token) {
        return runs.stream()
                .map(
                        it ->
                                OneTaskStorage.end(it, RunStatus.COMPLETED)
                                        .withLease(OneTaskStorage.lease(it, token)))
                .map(Settlement::new)
                .toList();
    }

    private synchronized void record(List<RunUpdateResult> settled, List<ClaimedRun> leases) {
        answers.addAll(settled);
        claimed.addAll(leases);
    }
}
