package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.TaskSelection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Erases tasks of one project whose rows are locked. The lock of a task prevents that runs are
 * added to it. The runs are locked as well, so that no run is queued again meanwhile, and then
 * checked once more.
 */
final class TaskEraser {

    /** A task to erase, and the time that made it due, if any. */
    record Candidate(ProjectId project, UUID id, Optional<Instant> dueSince) {}

    private record LockedRun(
            UUID id, UUID task, RunStatus status, Optional<Instant> completedAt, boolean latest) {}

    private static final String LOCK_RUNS =
            """
            select id, task_id, status, completed_at, latest from errand_run
            where project_id = ? and task_id = any(?)
            order by id
            for update""";

    private static final String FIND_QUEUED =
            """
            select run_id from errand_queue where project_id = ? and run_id = any(?)""";

    private static final String LIST_UPLOADS =
            """
            select id, storage_path from errand_staging
            where project_id = ? and task_id = any(?)
            order by id
            for update""";

    private static final String DELETE_UPLOADS =
            """
            delete from errand_staging where project_id = ? and id = any(?)""";

    private static final String DELETE_ANSWERS =
            """
            delete from errand_idempotency where project_id = ? and task_id = any(?)""";

    private static final String DELETE_SECRETS =
            """
            delete from errand_secret where project_id = ? and run_id = any(?)""";

    private static final String DELETE_LOGS =
            """
            delete from errand_log where project_id = ? and run_id = any(?)""";

    private static final String DELETE_LOG_SEGMENTS =
            """
            delete from errand_log_segment where project_id = ? and run_id = any(?)""";

    private static final String LIST_CONVERSATIONS =
            """
            select storage_path from errand_conversation
            where project_id = ? and run_id = any(?) and storage_path is not null""";

    private static final String DELETE_CONVERSATIONS =
            """
            delete from errand_conversation where project_id = ? and run_id = any(?)""";

    private static final String DELETE_RUNS =
            """
            delete from errand_run where project_id = ? and id = any(?)""";

    private static final String DELETE_TASKS =
            """
            delete from errand_task where project_id = ? and id = any(?)""";

    private TaskEraser() {}

    /** Erases those of the locked tasks that can be erased. */
    static ErasedData erase(
            SqlSession session,
            Dialect dialect,
            ProjectId project,
            List<Candidate> locked,
            TaskSelection selection,
            Instant now)
            throws SQLException {
        Set<UUID> lockedIds = locked.stream().map(Candidate::id).collect(Collectors.toSet());
        List<LockedRun> lockedRuns =
                session.statement(LOCK_RUNS)
                        .project(project)
                        .ids(lockedIds)
                        .list(
                                row ->
                                        new LockedRun(
                                                row.id("id"),
                                                row.id("task_id"),
                                                EnumText.parseWire(
                                                        row.text("status"), RunStatus::fromWire),
                                                row.optionalTime("completed_at"),
                                                row.flag("latest")));
        Set<UUID> kept = openTasks(session, project, lockedRuns, selection);
        List<UUID> runs =
                lockedRuns.stream()
                        .filter(run -> !kept.contains(run.task()))
                        .map(LockedRun::id)
                        .toList();
        List<Candidate> erased = locked.stream().filter(it -> !kept.contains(it.id())).toList();
        List<UUID> tasks = erased.stream().map(Candidate::id).toList();
        if (tasks.isEmpty()) {
            return ErasedData.NOTHING;
        }
        Set<String> objects = ObjectDeletions.named(session, project, tasks);
        Set<UUID> uploads = new HashSet<>();
        session.statement(LIST_UPLOADS)
                .project(project)
                .ids(tasks)
                .list(row -> Map.entry(row.id("id"), row.text("storage_path")))
                .forEach(
                        upload -> {
                            uploads.add(upload.getKey());
                            objects.add(upload.getValue());
                        });
        if (!runs.isEmpty()) {
            objects.addAll(
                    session.statement(LIST_CONVERSATIONS)
                            .project(project)
                            .ids(runs)
                            .list(row -> row.text("storage_path")));
        }
        ObjectDeletions.add(session, dialect, project, objects, now);
        delete(session, DELETE_UPLOADS, project, uploads);
        long answers = delete(session, DELETE_ANSWERS, project, tasks);
        long secrets = delete(session, DELETE_SECRETS, project, runs);
        long logs = eraseLogs(session, project, runs);
        delete(session, DELETE_CONVERSATIONS, project, runs);
        delete(session, DELETE_RUNS, project, runs);
        delete(session, DELETE_TASKS, project, tasks);
        return new ErasedData(
                tasks.size(),
                runs.size(),
                logs,
                secrets,
                uploads.size(),
                answers,
                objects.size(),
                erased.stream()
                        .map(Candidate::dueSince)
                        .flatMap(Optional::stream)
                        .min(Instant::compareTo));
    }

    /** Returns the tasks that must be kept, since a run changed before it was locked. */
    private static Set<UUID> openTasks(
            SqlSession session,
            ProjectId project,
            List<LockedRun> lockedRuns,
            TaskSelection selection)
            throws SQLException {
        Set<UUID> queued =
                new HashSet<>(
                        session.statement(FIND_QUEUED)
                                .project(project)
                                .ids(lockedRuns.stream().map(LockedRun::id).toList())
                                .list(row -> row.id("run_id")));
        return lockedRuns.stream()
                .filter(run -> queued.contains(run.id()) || !isSelected(selection, run))
                .map(LockedRun::task)
                .collect(Collectors.toSet());
    }

    private static boolean isSelected(TaskSelection selection, LockedRun run) {
        if (!(selection instanceof TaskSelection.EndedBefore ended)) {
            return true;
        }
        return run.latest()
                ? run.status() == ended.status()
                        && run.completedAt().filter(at -> at.isBefore(ended.time())).isPresent()
                : run.status().isTerminal();
    }

    /**
     * Deletes the logs of runs and returns their number. An append locks the first row, so that
     * later statements see all of its rows.
     */
    static long eraseLogs(SqlSession session, ProjectId project, Collection<UUID> runs)
            throws SQLException {
        long logs = delete(session, DELETE_LOGS, project, runs);
        delete(session, DELETE_LOG_SEGMENTS, project, runs);
        return logs;
    }

    private static int delete(
            SqlSession session, String sql, ProjectId project, Collection<UUID> ids)
            throws SQLException {
        return ids.isEmpty() ? 0 : session.statement(sql).project(project).ids(ids).update();
    }
}
