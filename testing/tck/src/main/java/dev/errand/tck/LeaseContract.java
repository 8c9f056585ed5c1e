package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for leases returned by {@link RunQueue#claim} (docs/invariants.md#i6,
 * docs/architecture.md#w4): ownership, expiry, renewal, release and loss.
 */
public abstract class LeaseContract extends StorageContract {

    private static final ProjectScope EVERY = ProjectScope.everyProject();
    private static final Duration MICROSECOND = Duration.ofNanos(1_000);

    /** Constructor for subclasses. */
    protected LeaseContract() {}

    /** docs/invariants.md#i6: a run has at most one live lease. */
    @Test
    public void aLeasedRunIsNotClaimedUntilTheLeaseExpires() {
        StoredRun run = queued(clock.instant());
        Lease lease =
                node.queue().claim(EVERY, new ClaimRequest("node-2", 1, LEASE)).get(0).lease();

        assertThat(lease.project()).isEqualTo(PROJECT);
        assertThat(lease.run()).isEqualTo(run.id());
        assertThat(lease.owner()).isEqualTo("node-2");
        assertThat(lease.until()).isEqualTo(clock.instant().plus(LEASE));
        clock.advance(LEASE.minus(MICROSECOND));
        assertThat(otherNode.queue().claim(EVERY, request(1))).isEmpty();
        clock.tick();
        assertThat(otherNode.queue().claim(EVERY, request(1))).hasSize(1);
    }

    /**
     * docs/invariants.md#i6: every claim of a run has a greater token, however the previous lease
     * ended.
     */
    @Test
    public void tokensOfARunIncreaseWithEveryClaim() {
        queued(clock.instant());
        List<Long> tokens = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Lease lease = claimOne().lease();
            tokens.add(lease.token());
            if (i % 2 == 0) {
                clock.advance(LEASE);
            } else {
                node.queue().release(lease);
            }
        }

        assertThat(tokens).isSorted().doesNotHaveDuplicates();
    }

    /**
     * {@code ClaimedRun.mayBeLaunched}: after a lease that expired before a launch was recorded,
     * the new owner must look for the sandbox. A released lease leaves no doubt.
     */
    @Test
    public void aClaimSaysWhetherALaunchMayBeUnrecorded() {
        StoredRun queued = queued(clock.instant());

        assertThat(claimOne().mayBeLaunched()).as("the first claim").isFalse();
        clock.advance(LEASE);
        ClaimedRun takenOver = claimOne();
        assertThat(takenOver.mayBeLaunched()).as("after an expired lease").isTrue();
        node.queue().release(takenOver.lease());
        ClaimedRun again = claimOne();
        assertThat(again.mayBeLaunched()).as("after a released lease").isFalse();

        RunChange launch =
                RunChange.of(
                        again.stored(),
                        again.stored()
                                .withRun(
                                        queued.run().change(clock.instant()).build(),
                                        entry -> entry.launched("sandbox-1", clock.instant())));
        node.runs().update(PROJECT, launch.withLease(again.lease()));
        clock.advance(LEASE);
        assertThat(claimOne().mayBeLaunched()).as("after a recorded launch").isFalse();
    }

    /** docs/invariants.md#i6: of concurrent claims of a run with an expired lease, one succeeds. */
    @Test
    public void oneOfConcurrentClaimsOfAnExpiredLeaseSucceeds() {
        queued(clock.instant());
        for (int round = 0; round < 20; round++) {
            Lease before = claimOne().lease();
            clock.advance(LEASE);

            List<List<ClaimedRun>> claimed =
                    ConcurrentCalls.of(8, index -> nodeOf(index).queue().claim(EVERY, request(1)));

            List<ClaimedRun> winners = claimed.stream().flatMap(List::stream).toList();
            assertThat(winners).hasSize(1);
            assertThat(winners.get(0).lease().token()).isGreaterThan(before.token());
            clock.advance(LEASE);
        }
    }

    /**
     * docs/invariants.md#i6: if an owner renews an expired lease while another node claims the run,
     * one of them succeeds.
     */
    @Test
    public void aLateOwnerAndANewOwnerNeverBothHoldTheLease() {
        queued(clock.instant());
        for (int round = 0; round < 40; round++) {
            Lease late = claimOne().lease();
            clock.advance(LEASE);

            List<Integer> owners =
                    ConcurrentCalls.of(
                            2,
                            index ->
                                    index == 0
                                            ? (int)
                                                    node
                                                            .queue()
                                                            .renew(List.of(late), LEASE)
                                                            .get(0)
                                                            .stream()
                                                            .count()
                                            : otherNode.queue().claim(EVERY, request(1)).size());

            // The late renewal may precede the claim only if the claim then returns nothing because
            // the lease is live.
            boolean renewed = node.queue().renew(List.of(late), LEASE).get(0).isPresent();
            assertThat(owners.get(1)).isEqualTo(renewed ? 0 : 1);
            assertThat(owners.get(0)).isEqualTo(renewed ? 1 : 0);
            clock.advance(LEASE);
        }
    }

    /**
     * docs/invariants.md#i4, #i6: a claim is valid while others update the run, and no update is
     * lost.
     */
    @Test
    public void aClaimHoldsDuringConcurrentUpdates() {
        StoredRun run = queued(clock.instant());
        AtomicBoolean claiming = new AtomicBoolean(true);

        List<Long> changes =
                ConcurrentCalls.of(
                        3,
                        index -> {
                            if (index > 0) {
                                return changeAgainAndAgain(nodeOf(index), run, claiming);
                            }
                            try {
                                claimAndReleaseAgainAndAgain();
                            } finally {
                                claiming.set(false);
                            }
                            return 0L;
                        });

        long made = changes.stream().mapToLong(Long::longValue).sum();
        assertThat(claimOne().run().version()).isEqualTo(1 + made);
    }

    private void claimAndReleaseAgainAndAgain() {
        for (int i = 0; i < 200; i++) {
            // A claim may skip a run that is being updated, but a lease that it returns is valid.
            for (ClaimedRun claimed : node.queue().claim(EVERY, request(1))) {
                assertThat(node.queue().renew(List.of(claimed.lease()), LEASE).get(0)).isPresent();
                assertThat(node.queue().release(claimed.lease())).isTrue();
            }
        }
    }

    private long changeAgainAndAgain(Backend by, StoredRun run, AtomicBoolean goOn) {
        long made = 0;
        StoredRun read = run;
        while (goOn.get()) {
            RunUpdateResult answer =
                    by.runs().update(PROJECT, changeOf(read, edit -> edit.stage(Optional.of("x"))));
            if (answer instanceof RunUpdateResult.Updated advanced) {
                made++;
                read = advanced.run();
            } else {
                read = ((RunUpdateResult.Stale) answer).current();
            }
        }
        return made;
    }

    /** {@code renew}: extends the lease from the current time and returns the run. */
    @Test
    public void aRenewedLeaseExtendsFromTheCurrentTime() {
        StoredRun run = queued(clock.instant());
        Lease lease = claimOne().lease();
        clock.advance(LEASE.dividedBy(2));
        StoredRun changed = change(run, edit -> edit.stage(Optional.of("build")));

        Optional<ClaimedRun> renewed = otherNode.queue().renew(List.of(lease), LEASE).get(0);

        assertThat(renewed.map(ClaimedRun::stored)).contains(changed);
        assertThat(renewed.map(ClaimedRun::lease))
                .contains(
                        new Lease(
                                PROJECT,
                                run.id(),
                                lease.owner(),
                                lease.token(),
                                clock.instant().plus(LEASE)));
        clock.advance(LEASE.minus(MICROSECOND));
        assertThat(claimAll()).isEmpty();
        clock.tick();
        assertThat(claimAll()).hasSize(1);
    }

    /** {@code renew}: compares the token of the lease, not its expiry. */
    @Test
    public void aLeaseCanBeRenewedRepeatedly() {
        queued(clock.instant());
        Lease lease = claimOne().lease();
        for (int i = 0; i < 4; i++) {
            clock.advance(LEASE.minus(MICROSECOND));
            assertThat(nodeOf(i).queue().renew(List.of(lease), LEASE).get(0)).isPresent();
        }

        assertThat(claimAll()).isEmpty();
    }

    /** {@code renew}: an expired lease is renewed until the run is claimed again. */
    @Test
    public void anExpiredUnclaimedLeaseIsRenewed() {
        queued(clock.instant());
        Lease lease = claimOne().lease();
        clock.advance(LEASE.multipliedBy(3));
        assertThat(node.queue().nextDue(EVERY)).isPresent();

        assertThat(node.queue().renew(List.of(lease), LEASE).get(0)).isPresent();
        assertThat(claimAll()).isEmpty();
        clock.advance(LEASE);
        assertThat(claimAll()).hasSize(1);
    }

    /** {@code renew}: returns empty after another claim. */
    @Test
    public void aLeaseIsNotRenewedAfterAnotherClaim() {
        queued(clock.instant());
        Lease late = claimOne().lease();
        clock.advance(LEASE);
        Lease latest = otherNode.queue().claim(EVERY, request(1)).get(0).lease();

        assertThat(node.queue().renew(List.of(late), LEASE).get(0)).isEmpty();
        assertThat(node.queue().release(late)).isFalse();
        clock.advance(LEASE);
        assertThat(node.queue().renew(List.of(late), LEASE).get(0)).isEmpty();
        assertThat(node.queue().renew(List.of(latest), LEASE).get(0)).isPresent();
    }

    /** {@code renew}, {@code release}: reject a released lease. */
    @Test
    public void aReleasedLeaseIsNeitherRenewedNorReleasedAgain() {
        StoredRun run = queued(clock.instant());
        Lease lease = claimOne().lease();

        assertThat(otherNode.queue().release(lease)).isTrue();
        assertThat(node.queue().renew(List.of(lease), LEASE).get(0)).isEmpty();
        assertThat(node.queue().release(lease)).isFalse();
        assertThat(claimOne().stored()).isEqualTo(run);
        assertThat(node.queue().renew(List.of(lease), LEASE).get(0)).isEmpty();
    }

    /**
     * docs/invariants.md#i5: a lease cannot be used from another project, even with the correct run
     * and token.
     */
    @Test
    public void aLeaseCannotBeUsedFromAnotherProject() {
        queued(clock.instant());
        insert(OTHER_PROJECT, aTask());
        Lease lease = claimOne().lease();
        Lease forged =
                new Lease(OTHER_PROJECT, lease.run(), lease.owner(), lease.token(), lease.until());

        assertThat(node.queue().renew(List.of(forged), LEASE).get(0)).isEmpty();
        assertThat(node.queue().release(forged)).isFalse();
        assertThat(claimAll()).isEmpty();
    }

    /** {@code renew}, {@code release}: have no effect for unclaimed and unknown runs. */
    @Test
    public void anInventedLeaseIsRejected() {
        StoredRun run = queued(clock.instant());
        Lease guessed = new Lease(PROJECT, run.id(), "node-1", 1, clock.instant());
        Lease ofNoRun =
                new Lease(PROJECT, RunId.of(UUID.randomUUID()), "node-1", 1, clock.instant());

        assertThat(node.queue().renew(List.of(guessed), LEASE).get(0)).isEmpty();
        assertThat(node.queue().release(guessed)).isFalse();
        assertThat(node.queue().renew(List.of(ofNoRun), LEASE).get(0)).isEmpty();
        assertThat(node.queue().release(ofNoRun)).isFalse();
        assertThat(claimAll()).hasSize(1);
    }

    /** If the owner stops renewing after the launch, another node claims the run. */
    @Test
    public void aLaunchedRunIsClaimableWhenItsLeaseExpires() {
        StoredRun run = queued(clock.instant());
        Lease lease = claimOne().lease();
        StoredRun launched = launch(run);
        assertThat(claimAll()).isEmpty();
        clock.set(lease.until());

        assertThat(claimOne().stored()).isEqualTo(launched);
    }

    /** docs/invariants.md#i6: an update without a lease does not end the lease of the owner. */
    @Test
    public void aStoppingRunStaysWithItsOwner() {
        StoredRun run = queued(clock.instant());
        Lease lease = claimOne().lease();
        StoredRun stopping =
                changeEntry(run, entry -> entry.stopping(StopReason.CANCELLED, clock.tick()));

        assertThat(claimAll()).isEmpty();
        assertThat(node.queue().renew(List.of(lease), LEASE).get(0).map(ClaimedRun::stored))
                .contains(stopping);
    }

    /** {@code findLease}: returns the live lease, or empty from another project. */
    @Test
    public void aLiveLeaseIsFoundByRun() {
        StoredRun run = queued(clock.instant());
        assertThat(node.queue().findLease(PROJECT, run.id())).isEmpty();

        Lease lease = claimOne().lease();
        assertThat(otherNode.queue().findLease(PROJECT, run.id())).contains(lease);
        assertThat(otherNode.queue().findLease(OTHER_PROJECT, run.id())).isEmpty();
        assertThat(node.queue().findLease(PROJECT, RunId.of(new UUID(0, 1)))).isEmpty();
        clock.advance(LEASE);
        assertThat(node.queue().findLease(PROJECT, run.id())).as("expired").isEmpty();

        Lease next = claimOne().lease();
        assertThat(node.queue().findLease(PROJECT, run.id())).contains(next);
        node.queue().release(next);
        assertThat(otherNode.queue().findLease(PROJECT, run.id())).as("released").isEmpty();
    }

    private StoredRun queued(Instant dueAt) {
        return insert(aRun(insert(aTask())).queuedAt(dueAt));
    }
}
