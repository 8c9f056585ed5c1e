package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.StoredObject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The objects that are listed for deletion, and the manifests that name objects. */
final class ObjectDeletions {

    private static final String ADD =
            """
            insert into errand_object_deletion (project_id, storage_path, requested_at)
            select ?, storage_path, cast(? as timestamptz) from unnest(cast(? as text[])) storage_path
            on conflict (project_id, storage_path) do nothing""";

    private static final String ADD_H2 =
            """
            merge into errand_object_deletion (project_id, requested_at, storage_path)
            key (project_id, storage_path)
            select ?, ?, storage_path from unnest(cast(? as varchar array)) as given(storage_path)""";

    private static final String LIST =
            """
            select project_id, storage_path from errand_object_deletion limit ?""";

    private static final String REMOVE =
            """
            delete from errand_object_deletion where project_id = ? and storage_path = any(?)""";

    private static final String LIST_MANIFESTS =
            """
            select artifacts from errand_run
            where project_id = ? and task_id = any(?) and artifacts is not null""";

    private ObjectDeletions() {}

    /** Adds objects of a project, unless they are listed already. */
    static void add(
            SqlSession session,
            Dialect dialect,
            ProjectId project,
            Collection<String> keys,
            Instant now)
            throws SQLException {
        if (!keys.isEmpty()) {
            session.statement(dialect.choose(ADD, ADD_H2))
                    .project(project)
                    .time(now)
                    .array("text", keys.toArray(String[]::new))
                    .update();
        }
    }

    static List<StoredObject> list(SqlSession session, int max) throws SQLException {
        return session.statement(LIST)
                .number(max)
                .list(
                        row ->
                                new StoredObject(
                                        ProjectId.of(row.number("project_id")),
                                        row.text("storage_path")));
    }

    static int remove(SqlSession session, List<StoredObject> objects) throws SQLException {
        Map<ProjectId, Set<String>> keys = new HashMap<>();
        objects.forEach(
                object ->
                        keys.computeIfAbsent(object.project(), id -> new HashSet<>())
                                .add(object.key()));
        int removed = 0;
        for (Map.Entry<ProjectId, Set<String>> project : keys.entrySet()) {
            removed +=
                    session.statement(REMOVE)
                            .project(project.getKey())
                            .array("text", project.getValue().toArray(String[]::new))
                            .update();
        }
        return removed;
    }

    /** Returns the keys of all objects that manifests of runs of the tasks name. */
    static Set<String> named(SqlSession session, ProjectId project, Collection<UUID> tasks)
            throws SQLException {
        Set<String> keys = new HashSet<>();
        session.statement(LIST_MANIFESTS)
                .project(project)
                .ids(tasks)
                .list(row -> ArtifactColumns.readManifest(row.text("artifacts")))
                .forEach(
                        manifest ->
                                manifest.stream().map(Artifact::storagePath).forEach(keys::add));
        return keys;
    }
}
