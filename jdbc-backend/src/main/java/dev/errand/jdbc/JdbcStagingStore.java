package dev.errand.jdbc;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Stores reservations and staged artifacts: one row per id, which is first reserved, then staged,
 * then consumed. A consumed row is kept until it expires, so that a late retry does not reserve the
 * id again.
 */
final class JdbcStagingStore implements StagingStore {

    private static final String PORT = "StagingStore";

    private static final String RESERVE =
            """
            insert into errand_staging (project_id, id, task_id, storage_path, expires_at)
            values (?, ?, ?, ?, ?)
            on conflict (project_id, id) do nothing""";

    private static final String RESERVE_H2 =
            """
            insert into errand_staging (project_id, id, task_id, storage_path, expires_at)
            values (?, ?, ?, ?, ?)""";

    private static final String FIND_RESERVATION =
            """
            select storage_path, expires_at from errand_staging
            where project_id = ? and task_id = ? and id = ?
                and consumed_by is null and expires_at > ?""";

    private static final String STAGE =
            """
            update errand_staging set
                name = ?, type = ?, source = ?, size_in_bytes = ?, content_type = ?,
                uploaded_at = ?, metadata = ?, expires_at = ?
            where project_id = ? and task_id = ? and id = ? and storage_path = ?
                and consumed_by is null and expires_at > ?""";

    private static final String FIND =
            """
            select id, name, type, source, size_in_bytes, content_type, storage_path, uploaded_at,
                metadata, expires_at
            from errand_staging
            where project_id = ? and task_id = ? and id = any(?)
                and uploaded_at is not null and consumed_by is null and expires_at > ?""";

    private final Database database;
    private final Clock clock;

    JdbcStagingStore(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public void reserve(ProjectId project, List<Reservation> reservations) {
        database.inTransaction(
                PORT,
                session -> {
                    for (Reservation reservation : reservations) {
                        SqlSession.insertIfAbsent(
                                session.statement(database.dialect().choose(RESERVE, RESERVE_H2))
                                        .project(project)
                                        .id(ArtifactColumns.uuid(reservation.id()))
                                        .id(reservation.task().value())
                                        .text(reservation.storagePath())
                                        .time(reservation.expiresAt()));
                    }
                    return reservations;
                });
    }

    @Override
    public Optional<Reservation> findReservation(ProjectId project, TaskId task, ArtifactId id) {
        Instant now = clock.instant();
        return database.read(
                PORT,
                session ->
                        session.statement(FIND_RESERVATION)
                                .project(project)
                                .id(task.value())
                                .id(ArtifactColumns.uuid(id))
                                .time(now)
                                .findOne(
                                        row ->
                                                new Reservation(
                                                        task,
                                                        id,
                                                        row.text("storage_path"),
                                                        row.time("expires_at"))));
    }

    @Override
    public List<ArtifactId> stage(ProjectId project, List<StagedArtifact> staged) {
        Instant now = clock.instant();
        return database.inTransaction(
                PORT,
                session -> {
                    List<ArtifactId> refused = new ArrayList<>();
                    for (StagedArtifact each : staged) {
                        if (!stage(session, project, each, now)) {
                            refused.add(each.artifact().id());
                        }
                    }
                    return refused.isEmpty()
                            ? List.of()
                            : session.rollBackAndReturn(List.copyOf(refused));
                });
    }

    private boolean stage(SqlSession session, ProjectId project, StagedArtifact staged, Instant now)
            throws SQLException {
        Artifact artifact = staged.artifact();
        return session.statement(STAGE)
                .text(artifact.name())
                .text(artifact.type().wire())
                .text(artifact.source())
                .number(artifact.sizeInBytes())
                .text(artifact.contentType())
                .time(artifact.uploadedAt())
                .text(artifact.metadata().map(JsonText::text))
                .time(staged.expiresAt())
                .project(project)
                .id(staged.task().value())
                .id(ArtifactColumns.uuid(artifact.id()))
                .text(artifact.storagePath())
                .time(now)
                .updateOne();
    }

    @Override
    public List<StagedArtifact> find(ProjectId project, TaskId task, List<ArtifactId> ids) {
        Instant now = clock.instant();
        return database.read(
                PORT,
                session -> {
                    Map<ArtifactId, StagedArtifact> found = new HashMap<>();
                    session.statement(FIND)
                            .project(project)
                            .id(task.value())
                            .ids(ids.stream().map(ArtifactColumns::uuid).toList())
                            .time(now)
                            .list(
                                    row ->
                                            new StagedArtifact(
                                                    task,
                                                    ArtifactColumns.read(row),
                                                    row.time("expires_at")))
                            .forEach(staged -> found.put(staged.artifact().id(), staged));
                    return ids.stream().map(found::get).filter(Objects::nonNull).toList();
                });
    }
}
