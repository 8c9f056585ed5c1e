package dev.errand.tck;

import static dev.errand.tck.TestArtifacts.aReservation;
import static dev.errand.tck.TestArtifacts.finalised;
import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link StagingStore} (docs/wire/artifacts.md#d7, #d8, #h).
 */
public abstract class StagingStoreContract extends StorageContract {

    private static final Duration MICROSECOND = Duration.ofNanos(1_000);

    private Task task;

    /** Constructor for subclasses. */
    protected StagingStoreContract() {}

    @BeforeEach
    @Override
    public void openTwoNodes() {
        super.openTwoNodes();
        task = insert(aTask());
    }

    /** docs/wire/artifacts.md#h2, #h6: a reservation belongs to one project and one task. */
    @Test
    public void aReservationIsFoundForItsTaskOnly() {
        Task other = insert(aTask());
        insert(OTHER_PROJECT, aTask());
        Reservation reservation = reserve();

        assertThat(otherNode.staging().findReservation(PROJECT, task.id(), reservation.id()))
                .contains(reservation);
        assertThat(node.staging().findReservation(PROJECT, other.id(), reservation.id())).isEmpty();
        assertThat(node.staging().findReservation(OTHER_PROJECT, task.id(), reservation.id()))
                .isEmpty();
        assertThat(node.staging().findReservation(PROJECT, task.id(), anyId())).isEmpty();
    }

    /** docs/wire/artifacts.md#h7: a reservation expires after exactly 3600 s. */
    @Test
    public void aReservationIsFoundUntilItExpires() {
        Reservation reservation = reserve();

        clock.set(reservation.expiresAt().minus(MICROSECOND));
        assertThat(isReserved(reservation)).isTrue();
        clock.set(reservation.expiresAt());
        assertThat(isReserved(reservation)).isFalse();
    }

    /** {@code reserve}: all reservations of one call are stored. */
    @Test
    public void severalReservationsAreStoredAtOnce() {
        List<Reservation> several =
                List.of(
                        TestArtifacts.aReservation(task, clock.instant()),
                        TestArtifacts.aReservation(task, clock.instant()),
                        TestArtifacts.aReservation(task, clock.instant()));
        node.staging().reserve(PROJECT, several);

        assertThat(several).allMatch(this::isReserved);
    }

    /**
     * {@code reserve}: a retry with the same values is safe, even if the reservation has been used.
     */
    @Test
    public void reservingAgainHasNoEffect() {
        Reservation reservation = reserve();
        StagedArtifact staged = finalised(reservation, clock.instant());
        node.staging().stage(PROJECT, List.of(staged));
        node.staging().reserve(PROJECT, List.of(reservation));
        assertThat(find(staged)).containsExactly(staged);
        insert(aRun(task).consuming(reservation.id()));

        otherNode.staging().reserve(PROJECT, List.of(reservation));

        assertThat(isReserved(reservation)).isFalse();
        assertThat(find(staged)).isEmpty();
    }

    /** docs/wire/artifacts.md#a5, #d7: runs cannot consume an upload that is only reserved. */
    @Test
    public void aReservationAloneIsNotStaged() {
        Reservation reservation = reserve();

        assertThat(node.staging().find(PROJECT, task.id(), List.of(reservation.id()))).isEmpty();
        assertThat(insertion(aRun(task).consuming(reservation.id())))
                .isEqualTo(new RunInsertResult.ArtifactsNotFound(List.of(reservation.id())));
    }

    /** {@code find}: artifacts are returned in request order; missing ones are omitted. */
    @Test
    public void stagedArtifactsAreFoundInRequestOrder() {
        StagedArtifact one = stage(task);
        StagedArtifact two = stage(task);
        ArtifactId consumed = stage(task).artifact().id();
        insert(aRun(task).consuming(consumed));

        assertThat(find(one.artifact().id(), anyId(), two.artifact().id(), consumed))
                .containsExactly(one, two);
        assertThat(find(two.artifact().id(), reserve().id(), one.artifact().id()))
                .containsExactly(two, one);
    }

    private List<StagedArtifact> find(ArtifactId... ids) {
        return otherNode.staging().find(PROJECT, task.id(), List.of(ids));
    }

    /** docs/invariants.md#i5: a staged artifact belongs to one project and one task. */
    @Test
    public void aStagedArtifactIsFoundForItsTaskOnly() {
        StagedArtifact staged = stage(task);
        List<ArtifactId> ids = List.of(staged.artifact().id());

        assertThat(node.staging().find(PROJECT, insert(aTask()).id(), ids)).isEmpty();
        assertThat(node.staging().find(OTHER_PROJECT, task.id(), ids)).isEmpty();
    }

    /**
     * docs/wire/artifacts.md#h7, docs/wire/guarantees.md#j3: a staged artifact expires exactly 24 h
     * after it was finalized.
     */
    @Test
    public void aStagedArtifactIsFoundUntilItExpires() {
        StagedArtifact staged = stage(task);

        clock.set(staged.expiresAt().minus(MICROSECOND));
        assertThat(find(staged)).containsExactly(staged);
        clock.set(staged.expiresAt());
        assertThat(find(staged)).isEmpty();
    }

    /** {@code findReservation}: an upload can be finalized again after the expiry of its form. */
    @Test
    public void aStagedArtifactExtendsItsReservation() {
        Reservation reservation = reserve();
        StagedArtifact staged = finalised(reservation, clock.instant());
        node.staging().stage(PROJECT, List.of(staged));

        clock.set(staged.expiresAt().minus(MICROSECOND));
        assertThat(isReserved(reservation)).isTrue();
        clock.set(staged.expiresAt());
        assertThat(isReserved(reservation)).isFalse();
    }

    /** docs/wire/artifacts.md#d8: finalizing again restarts the 24 h and returns the same id. */
    @Test
    public void stagingAgainReplacesTheArtifact() {
        Reservation reservation = reserve();
        node.staging().stage(PROJECT, List.of(finalised(reservation, clock.instant())));
        clock.advance(TestArtifacts.STAGED_FOR.minus(MICROSECOND));

        StagedArtifact again = finalised(reservation, clock.instant());
        assertThat(otherNode.staging().stage(PROJECT, List.of(again))).isEmpty();

        clock.advance(TestArtifacts.STAGED_FOR.minus(MICROSECOND));
        assertThat(find(again)).containsExactly(again);
    }

    /**
     * docs/wire/artifacts.md#h6, docs/wire/guarantees.md#j20: either all artifacts are staged or
     * none, and the rejected ones are returned in request order.
     */
    @Test
    public void oneMissingReservationPreventsStagingAll() {
        Reservation good = reserve();
        Reservation expired = new Reservation(task.id(), anyId(), "tasks/expired", clock.instant());
        node.staging().reserve(PROJECT, List.of(expired));
        Reservation never = aReservation(task, clock.instant());
        Reservation otherKey =
                new Reservation(task.id(), reserve().id(), "tasks/other", clock.instant());
        Reservation own = reserve();
        Reservation otherTask =
                new Reservation(insert(aTask()).id(), own.id(), own.storagePath(), own.expiresAt());

        List<ArtifactId> refused =
                node.staging()
                        .stage(PROJECT, allFinalised(otherKey, good, expired, never, otherTask));

        assertThat(refused)
                .containsExactly(otherKey.id(), expired.id(), never.id(), otherTask.id());
        assertThat(node.staging().find(PROJECT, task.id(), List.of(good.id()))).isEmpty();
    }

    /**
     * docs/wire/artifacts.md#d8, docs/invariants.md#i2: finalizing a consumed artifact is {@code
     * invalid_storage_path}.
     */
    @Test
    public void aConsumedArtifactIsNeverStagedAgain() {
        Reservation reservation = reserve();
        StagedArtifact staged = finalised(reservation, clock.instant());
        node.staging().stage(PROJECT, List.of(staged));
        insert(aRun(task).consuming(reservation.id()));

        assertThat(otherNode.staging().stage(PROJECT, List.of(staged)))
                .containsExactly(reservation.id());
        assertThat(find(staged)).isEmpty();
        assertThat(isReserved(reservation)).isFalse();
    }

    /** docs/invariants.md#i5: a reservation cannot be used from another project. */
    @Test
    public void nothingIsStagedUnderAReservationOfAnotherProject() {
        insert(OTHER_PROJECT, aTask());
        Reservation reservation = reserve();

        assertThat(node.staging().stage(OTHER_PROJECT, allFinalised(reservation)))
                .containsExactly(reservation.id());
    }

    /**
     * docs/invariants.md#i2: if consumption and a repeated finalization are concurrent, the
     * artifact is not available afterwards, in whichever order they are executed.
     */
    @Test
    public void stagingAgainNeverRevivesAConsumedArtifact() {
        for (int round = 0; round < 40; round++) {
            Reservation reservation = reserve();
            StagedArtifact staged = finalised(reservation, clock.instant());
            node.staging().stage(PROJECT, List.of(staged));

            ConcurrentCalls.of(
                    2,
                    index ->
                            index == 0
                                    ? insertion(aRun(task).consuming(reservation.id()))
                                    : otherNode.staging().stage(PROJECT, List.of(staged)));

            assertThat(find(staged)).isEmpty();
            assertThat(isReserved(reservation)).isFalse();
        }
    }

    private Reservation reserve() {
        Reservation reservation = aReservation(task, clock.instant());
        node.staging().reserve(PROJECT, List.of(reservation));
        return reservation;
    }

    private boolean isReserved(Reservation reservation) {
        return otherNode
                .staging()
                .findReservation(PROJECT, reservation.task(), reservation.id())
                .isPresent();
    }

    private List<StagedArtifact> find(StagedArtifact staged) {
        return otherNode.staging().find(PROJECT, staged.task(), List.of(staged.artifact().id()));
    }

    private List<StagedArtifact> allFinalised(Reservation... reservations) {
        List<StagedArtifact> all = new ArrayList<>();
        for (Reservation reservation : reservations) {
            all.add(finalised(reservation, clock.instant()));
        }
        return all;
    }

    private static ArtifactId anyId() {
        return ArtifactId.of(UUID.randomUUID());
    }
}
