package dev.errand.spi.store;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * Stores reservations and staged artifacts until a run consumes them or they expire
 * (docs/wire/artifacts.md#h).
 *
 * <p>Artifacts are consumed by {@link dev.errand.spi.store.RunStore#insert}, in the transaction
 * that inserts the run. Nothing that has expired according to {@link Backend#clock()} is returned.
 * {@link RetentionStore} erases it. Implementations are thread-safe. Every method is atomic, and
 * its effect is visible to every call that starts after it returned. A {@link
 * dev.errand.spi.PortException} means that the storage failed.
 */
public interface StagingStore {

    /**
     * Stores reservations.
     *
     * <p><b>Precondition</b>: their ids are new.
     *
     * <p><b>Atomicity</b>: all or nothing.
     *
     * <p><b>Retry</b> after an unknown outcome is safe with the same values.
     */
    void reserve(ProjectId project, List<Reservation> reservations);

    /**
     * Finds a live reservation, including one whose artifact is already staged, so that an upload
     * can be finalised again (docs/wire/artifacts.md#d8). Empty if the id is unknown, has expired,
     * was consumed, or belongs to another task.
     */
    Optional<Reservation> findReservation(ProjectId project, TaskId task, ArtifactId id);

    /**
     * Stages uploads, so that runs of their tasks can consume them.
     *
     * <p><b>Result</b>: an empty list if all were staged until their {@code expiresAt}. Otherwise
     * nothing changed, and the list has the ids without a live reservation for that task and key,
     * in the order given. An artifact replaces an earlier one of the same id; its reservation then
     * expires with the artifact. A consumed artifact has no live reservation.
     *
     * <p><b>Atomicity</b>: all or nothing.
     *
     * <p><b>Retry</b> after an unknown outcome is safe.
     */
    List<ArtifactId> stage(ProjectId project, List<StagedArtifact> staged);

    /**
     * Finds staged artifacts that a run of the task can consume now.
     *
     * <p><b>Order</b>: that of {@code ids}; ids that are unknown, expired or consumed are left out.
     */
    List<StagedArtifact> find(ProjectId project, TaskId task, List<ArtifactId> ids);
}
