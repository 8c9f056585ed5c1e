package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunUpdateResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * What a lease is worth that {@link RunQueue#claim} gave (docs/invariants.md#i6,
 * docs/architecture.md#w4): whose a run is, how long, and how that is prolonged, given back and
 * lost.
 */
public abstract class LeaseContract extends StorageContract {

    private static final ProjectScope EVERY = ProjectScope.everyProject();
    private static final Duration MICROSECOND = Duration.ofNanos(1_000);

    /** For the backend's test. */
    protected LeaseContract() {}

    /** docs/invariants.md#i6. */
    @Test
    public void aLeasedRunIsNotClaimedUntilTheLeaseExpires() {
        Run run = queued(clock.instant());
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
     * docs/invariants.md#i6: the token is greater with every claim of the run, however the lease
     * before ended.
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

    /** docs/invariants.md#i6: of those who find a lease run out, one gets the run. */
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

    /** docs/invariants.md#i6: of an owner that is late and another that claims, one has the run. */
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

            // The late owner may renew before the other claims anew only if that finds it live.
            boolean renewed = node.queue().renew(List.of(late), LEASE).get(0).isPresent();
            assertThat(owners.get(1)).isEqualTo(renewed ? 0 : 1);
            assertThat(owners.get(0)).isEqualTo(renewed ? 1 : 0);
            clock.advance(LEASE);
        }
    }

    /**
     * docs/invariants.md#i4, #i6: a claim of a run that others keep changing holds, and none of the
     * changes is lost.
     */
    @Test
    public void aClaimHoldsDuringConcurrentUpdates() {
        Run run = queued(clock.instant());
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
            // A claim may pass by a run that is being changed; what it got must hold.
            for (ClaimedRun claimed : node.queue().claim(EVERY, request(1))) {
                assertThat(node.queue().renew(List.of(claimed.lease()), LEASE).get(0)).isPresent();
                assertThat(node.queue().release(claimed.lease())).isTrue();
            }
        }
    }

    private long changeAgainAndAgain(Backend by, Run run, AtomicBoolean goOn) {
        long made = 0;
        Run read = run;
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

    /** {@code renew}: prolongs from now, and reads the run. */
    @Test
    public void aRenewedLeaseExtendsFromTheCurrentTime() {
        Run run = queued(clock.instant());
        Lease lease = claimOne().lease();
        clock.advance(LEASE.dividedBy(2));
        Run changed = change(run, edit -> edit.stage(Optional.of("build")));

        Optional<ClaimedRun> renewed = otherNode.queue().renew(List.of(lease), LEASE).get(0);

        assertThat(renewed.map(ClaimedRun::run)).contains(changed);
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

    /** {@code renew}: the token says whose a lease is, not the end that the owner remembers. */
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

    /** {@code renew}: an owner that was merely late keeps its lease as long as nobody claimed. */
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

    /** {@code renew}: where somebody else claimed, the owner must stop acting. */
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

    /** {@code renew}, {@code release}: a lease that was given back is nobody's. */
    @Test
    public void aReleasedLeaseIsNeitherRenewedNorReleasedAgain() {
        Run run = queued(clock.instant());
        Lease lease = claimOne().lease();

        assertThat(otherNode.queue().release(lease)).isTrue();
        assertThat(node.queue().renew(List.of(lease), LEASE).get(0)).isEmpty();
        assertThat(node.queue().release(lease)).isFalse();
        assertThat(claimOne().run()).isEqualTo(run);
        assertThat(node.queue().renew(List.of(lease), LEASE).get(0)).isEmpty();
    }

    /** docs/invariants.md#i5: also where run and token were guessed right. */
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

    /** {@code renew}, {@code release}: of a run that was never claimed, or never was. */
    @Test
    public void anInventedLeaseIsRejected() {
        Run run = queued(clock.instant());
        Lease guessed = new Lease(PROJECT, run.id(), "node-1", 1, clock.instant());
        Lease ofNoRun =
                new Lease(PROJECT, RunId.of(UUID.randomUUID()), "node-1", 1, clock.instant());

        assertThat(node.queue().renew(List.of(guessed), LEASE).get(0)).isEmpty();
        assertThat(node.queue().release(guessed)).isFalse();
        assertThat(node.queue().renew(List.of(ofNoRun), LEASE).get(0)).isEmpty();
        assertThat(node.queue().release(ofNoRun)).isFalse();
        assertThat(claimAll()).hasSize(1);
    }

    /** An owner that went silent after the launch is succeeded by one who watches. */
    @Test
    public void aLaunchedRunIsClaimableWhenItsLeaseExpires() {
        Run run = queued(clock.instant());
        Lease lease = claimOne().lease();
        Run launched =
                change(
                        run,
                        edit -> edit.dispatch(run.dispatch().launched("box-1", clock.instant())));
        assertThat(claimAll()).isEmpty();
        clock.set(lease.until());

        assertThat(claimOne().run()).isEqualTo(launched);
    }

    /** docs/invariants.md#i6: a change that anyone makes does not end another's lease. */
    @Test
    public void aStoppingRunStaysWithItsOwner() {
        Run run = queued(clock.instant());
        Lease lease = claimOne().lease();
        DispatchState stop =
                run.dispatch().stopping(DispatchState.StopReason.CANCELLED, clock.tick());
        Run stopping = change(run, edit -> edit.dispatch(stop));

        assertThat(claimAll()).isEmpty();
        assertThat(node.queue().renew(List.of(lease), LEASE).get(0).map(ClaimedRun::run))
                .contains(stopping);
    }

    /** {@code findLease}: who holds a run, as long as that holds; to nobody of another project. */
    @Test
    public void aLiveLeaseIsFoundByRun() {
        Run run = queued(clock.instant());
        assertThat(node.queue().findLease(PROJECT, run.id())).isEmpty();

        Lease lease = claimOne().lease();
        assertThat(otherNode.queue().findLease(PROJECT, run.id())).contains(lease);
        assertThat(otherNode.queue().findLease(OTHER_PROJECT, run.id())).isEmpty();
        assertThat(node.queue().findLease(PROJECT, RunId.of(new UUID(0, 1)))).isEmpty();
        clock.advance(LEASE);
        assertThat(node.queue().findLease(PROJECT, run.id())).as("it is over").isEmpty();

        Lease next = claimOne().lease();
        assertThat(node.queue().findLease(PROJECT, run.id())).contains(next);
        node.queue().release(next);
        assertThat(otherNode.queue().findLease(PROJECT, run.id())).as("released").isEmpty();
    }

    private Run queued(Instant dueAt) {
        return insert(aRun(insert(aTask())).queuedAt(dueAt));
    }
}
