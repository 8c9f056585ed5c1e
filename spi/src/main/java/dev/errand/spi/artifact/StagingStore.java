package dev.errand.spi.artifact;

import dev.errand.spi.ProjectId;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps reservations and staged artifacts until a run consumes them or their time is over (contract
 * H).
 *
 * <p>Consumption is not here: it happens inside {@link dev.errand.spi.run.RunStore#insert}, in the
 * run's own step. "Expired" is told by the backend's clock ({@link
 * dev.errand.spi.Backend#clock()}); what expired is never returned. Every method is thread-safe and
 * atomic; its effect is visible to whoever asks after it returned. A durable backend keeps both
 * kinds across a restart.
 */
public interface StagingStore {

    /**
     * Remembers issued keys.
     *
     * <p><b>Precondition</b>: the ids are new; the reservations are of {@code project}.
     * <b>Postcondition</b>: all are live. All or nothing. <b>Retry</b> after an unknown outcome is
     * safe with the same values.
     */
    void reserve(ProjectId project, List<Reservation> reservations);

    /**
     * Finds the live reservation, or the one that a staged artifact came from.
     *
     * <p>An artifact that was finalised but not consumed keeps its reservation, so that finalising
     * it again works (contract D8). A consumed, expired, foreign or unknown id is empty.
     */
    Optional<Reservation> findReservation(ProjectId project, TaskId task, ArtifactId id);

    /**
     * Makes uploads usable by runs of their task.
     *
     * <p><b>Postcondition</b>, where the answer is empty: each is staged until its {@code
     * expiresAt}, replaces an earlier finalisation of the same id, and its reservation lives as
     * long. Where it is not empty: the answer holds, in order, the ids without a live reservation
     * for the same task and key, and nothing changed. A consumed artifact has none. All or nothing.
     * <b>Retry</b> is safe.
     */
    List<ArtifactId> stage(ProjectId project, List<StagedArtifact> staged);

    /**
     * Finds staged artifacts that a run of the task could consume now, in the order asked, the
     * unknown, expired and consumed left out.
     */
    List<StagedArtifact> find(ProjectId project, TaskId task, List<ArtifactId> ids);

    /**
     * Forgets at most {@code max} reservations and staged artifacts that expired before {@code
     * before}, and names their keys, so that a sweeper can delete the objects.
     *
     * <p>A key that was consumed by a run is never named. <b>Retry</b> is safe; keys named in a
     * lost answer are not named again.
     */
    Collection<String> removeExpired(ProjectId project, Instant before, int max);
}
