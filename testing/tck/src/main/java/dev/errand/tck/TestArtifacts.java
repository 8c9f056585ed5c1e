package dev.errand.tck;

import dev.errand.spi.JsonText;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Reservations and staged artifacts for tests, each under a new id and key. */
public final class TestArtifacts {

    /** The lifetime of a reservation (docs/wire/artifacts.md#h7). */
    public static final Duration RESERVED_FOR = Duration.ofHours(1);

    /** The lifetime of a staged artifact (docs/wire/artifacts.md#h7). */
    public static final Duration STAGED_FOR = Duration.ofHours(24);

    private TestArtifacts() {}

    /** Returns a reservation for the task, created at the given time. */
    public static Reservation aReservation(Task task, Instant now) {
        ArtifactId id = ArtifactId.of(UUID.randomUUID());
        String key =
                "tasks/artifacts/team_%s/task_%s/staged/%s/spec.pdf"
                        .formatted(task.project(), task.id(), id);
        return new Reservation(task.id(), id, key, now.plus(RESERVED_FOR));
    }

    /** Returns the staged artifact of a reservation, finalized at the given time. */
    public static StagedArtifact finalised(Reservation reservation, Instant now) {
        Artifact artifact =
                new Artifact(
                        reservation.id(),
                        "spec.pdf",
                        ArtifactType.USER_ATTACHMENT,
                        "posthog_code",
                        4_096,
                        "application/pdf",
                        reservation.storagePath(),
                        now,
                        Optional.of(JsonText.of("{\"schema_version\":1, \"b\":\"\"}")));
        return new StagedArtifact(reservation.task(), artifact, now.plus(STAGED_FOR));
    }
}
