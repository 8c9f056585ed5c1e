package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for the renewal of several leases by a {@link dev.errand.spi.store.RunQueue}
 * (docs/invariants.md#i6).
 */
public abstract class LeaseRenewalContract extends StorageContract {

    private static final ProjectScope EVERY = ProjectScope.everyProject();

    /** Constructor for subclasses. */
    protected LeaseRenewalContract() {}

    /** {@code renew}: results are in the given order and equal those of single renewals. */
    @Test
    public void leasesAreRenewedTogetherInTheGivenOrder() {
        List<Lease> leases = new ArrayList<>(leases(claimed(PROJECT, 3)));
        leases.addAll(1, leases(claimed(OTHER_PROJECT, 2)));
        clock.advance(Duration.ofSeconds(20));

        List<Optional<ClaimedRun>> renewed = otherNode.queue().renew(leases, LEASE);

        Instant until = clock.instant().plus(LEASE);
        assertThat(renewed).hasSize(5);
        for (int i = 0; i < leases.size(); i++) {
            Lease before = leases.get(i);
            assertThat(renewed.get(i).map(ClaimedRun::lease))
                    .contains(
                            new Lease(
                                    before.project(),
                                    before.run(),
                                    before.owner(),
                                    before.token(),
                                    until));
        }
        clock.advance(Duration.ofSeconds(20));
        assertThat(claimAll()).as("the original leases would have expired").isEmpty();
        clock.advance(LEASE);
        assertThat(claimAll()).hasSize(5);
    }

    /**
     * {@code renew}: returns empty for superseded, released and ended leases without affecting
     * others.
     */
    @Test
    public void aLostLeaseDoesNotAffectOthers() {
        List<ClaimedRun> claimed = claimed(PROJECT, 4);
        List<Lease> leases = leases(claimed);
        node.queue().release(leases.get(0));
        StoredRun ended = claimed.get(2).stored();
        end(ended, RunStatus.CANCELLED);

        assertThat(node.queue().renew(leases, LEASE))
                .extracting(Optional::isPresent)
                .containsExactly(false, true, false, true);
    }

    /** docs/invariants.md#i6: only the latest token is renewed. */
    @Test
    public void aSupersededOwnerRenewsNothing() {
        List<Lease> late = leases(claimed(PROJECT, 2));
        clock.advance(LEASE);
        List<Lease> next = leases(otherNode.queue().claim(EVERY, request(2)));

        assertThat(node.queue().renew(late, LEASE.multipliedBy(5)))
                .containsExactly(Optional.empty(), Optional.empty());
        clock.advance(LEASE.minusSeconds(1));
        assertThat(otherNode.queue().renew(next, LEASE)).allMatch(Optional::isPresent);
    }

    /** {@code renew}: returns the current version of each run. */
    @Test
    public void renewalReturnsTheCurrentRun() {
        List<ClaimedRun> claimed = claimed(PROJECT, 2);
        StoredRun changed =
                change(claimed.get(1).stored(), edit -> edit.stage(Optional.of("build")));

        assertThat(node.queue().renew(leases(claimed), LEASE))
                .extracting(one -> one.orElseThrow().stored())
                .containsExactly(claimed.get(0).stored(), changed);
    }

    /** docs/invariants.md#i5: a lease cannot be renewed from another project. */
    @Test
    public void aLeaseOfAnotherProjectIsNotRenewed() {
        List<Lease> foreign =
                leases(claimed(PROJECT, 2)).stream()
                        .map(
                                lease ->
                                        new Lease(
                                                OTHER_PROJECT,
                                                lease.run(),
                                                lease.owner(),
                                                lease.token(),
                                                lease.until()))
                        .toList();

        assertThat(node.queue().renew(foreign, LEASE))
                .containsExactly(Optional.empty(), Optional.empty());
    }

    /** {@code renew}: accepts an empty list and a single lease. */
    @Test
    public void anEmptyListAndASingleLeaseAreAccepted() {
        assertThat(node.queue().renew(List.of(), LEASE)).isEmpty();
        List<Lease> one = leases(claimed(PROJECT, 1));
        assertThat(node.queue().renew(one, LEASE)).hasSize(1).allMatch(Optional::isPresent);
    }

    private List<ClaimedRun> claimed(ProjectId project, int count) {
        for (int i = 0; i < count; i++) {
            inserted(
                    node.runs()
                            .insert(
                                    project,
                                    aRun(insert(project, aTask()))
                                            .queuedAt(clock.instant())
                                            .build(),
                                    Optional.empty()));
        }
        List<ClaimedRun> claimed = node.queue().claim(EVERY, request(count));
        assertThat(claimed).hasSize(count);
        return claimed;
    }

    private static List<Lease> leases(List<ClaimedRun> claimed) {
        return claimed.stream().map(ClaimedRun::lease).toList();
    }
}
