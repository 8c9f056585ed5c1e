package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.artifact.StagingStore;
import dev.errand.spi.task.TaskId;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Reservations and staged artifacts: each project's {@link StagingShelf}, asked at the right time.
 */
final class InMemoryStagingStore implements StagingStore {

    private final Projects projects;
    private final Clock clock;

    InMemoryStagingStore(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    @Override
    public void reserve(ProjectId project, List<Reservation> reservations) {
        projects.get(project).staging().reserve(reservations);
    }

    @Override
    public Optional<Reservation> findReservation(ProjectId project, TaskId task, ArtifactId id) {
        return projects.find(project)
                .flatMap(memory -> memory.staging().findReservation(task, id, clock.instant()));
    }

    @Override
    public List<ArtifactId> stage(ProjectId project, List<StagedArtifact> staged) {
        return projects.get(project).staging().stage(staged, clock.instant());
    }

    @Override
    public List<StagedArtifact> find(ProjectId project, TaskId task, List<ArtifactId> ids) {
        return projects.find(project)
                .map(memory -> memory.staging().find(task, ids, clock.instant()))
                .orElseGet(List::of);
    }

    @Override
    public Collection<String> removeExpired(ProjectId project, Instant before, int max) {
        return projects.find(project)
                .map(memory -> memory.staging().removeExpired(before, clock.instant(), max))
                .orElseGet(List::of);
    }
}
