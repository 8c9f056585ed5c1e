package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.TaskSelection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Erases data. On PostgreSQL a batch skips rows that another transaction has locked, so that
 * several nodes share the work.
 */
final class JdbcRetentionStore implements RetentionStore {

    private static final String PORT = "RetentionStore";

    private static final String LOCK_DELETED =
            """
            select t.project_id, t.id, t.deleted_at as due_since
            from errand_task t
            where t.deleted_at < ?
                and not exists (
                    select 1 from errand_run r
                    join errand_queue q on q.project_id = r.project_id and q.run_id = r.id
                    where r.project_id = t.project_id and r.task_id = t.id)
            order by t.deleted_at
            limit ?
            for update of t skip locked""";

    private static final String FIND_DELETED_H2 =
            """
            select t.project_id, t.id, t.deleted_at as due_since
            from errand_task t
            where t.deleted_at < ?
                and not exists (
                    select 1 from errand_run r
                    join errand_queue q on q.project_id = r.project_id and q.run_id = r.id
                    where r.project_id = t.project_id and r.task_id = t.id)
            order by t.deleted_at
            limit ?""";

    /**
     * Walks the index of each project by status, oldest task first, instead of an index by
     * completion, which each run that ends would have to be added to.
     */
    private static final String LOCK_ENDED =
            """
            select t.project_id, t.id, due.completed_at as due_since
            from errand_project p
            cross join lateral (
                select r.project_id, r.task_id, r.completed_at, r.task_created_at
                from errand_run r
                where r.project_id = p.project_id and r.status = ? and r.latest
                    and r.task_created_at < ? and r.completed_at < ?
                    and not exists (
                        select 1 from errand_run other
                        left join errand_queue q
                            on q.project_id = other.project_id and q.run_id = other.id
                        where other.project_id = r.project_id and other.task_id = r.task_id
                            and (q.run_id is not null
                                or other.status in ('not_started', 'queued', 'in_progress')))
                order by r.task_created_at, r.task_id
                limit ?) due
            join errand_task t on t.project_id = due.project_id and t.id = due.task_id
            order by due.task_created_at, due.task_id
            limit ?
            for update of t skip locked""";

    private static final String FIND_ENDED_H2 =
            """
            select r.project_id, r.task_id as id, r.completed_at as due_since
            from errand_run r
            where r.status = ? and r.latest and r.completed_at < ?
                and not exists (
                    select 1 from errand_run other
                    left join errand_queue q
                        on q.project_id = other.project_id and q.run_id = other.id
                    where other.project_id = r.project_id and other.task_id = r.task_id
                        and (q.run_id is not null
                            or other.status in ('not_started', 'queued', 'in_progress')))
            order by r.task_created_at, r.task_id
            limit ?""";

    private static final String LOCK_SINGLE =
            """
            select project_id, id, deleted_at as due_since from errand_task
            where project_id = ? and id = ?
            for update""";

    private static final String LOCK_OF_PROJECT =
            """
            select t.project_id, t.id, t.deleted_at as due_since
            from errand_task t
            where t.project_id = ?
                and not exists (
                    select 1 from errand_run r
                    join errand_queue q on q.project_id = r.project_id and q.run_id = r.id
                    where r.project_id = t.project_id and r.task_id = t.id)
            order by t.id
            limit ?
            for update of t""";

    private static final String FIND_OF_PROJECT_H2 =
            """
            select t.project_id, t.id, t.deleted_at as due_since
            from errand_task t
            where t.project_id = ?
                and not exists (
                    select 1 from errand_run r
                    join errand_queue q on q.project_id = r.project_id and q.run_id = r.id
                    where r.project_id = t.project_id and r.task_id = t.id)
            order by t.id
            limit ?""";

    private static final String LOCK_TASKS_H2 =
            """
            select id from errand_task where project_id = ? and id = any(?)
            order by id
            for update""";

    private static final String LOCK_LOGS =
            """
            select l.project_id, l.run_id, r.completed_at
            from errand_log l
            join errand_run r on r.project_id = l.project_id and r.id = l.run_id
            where r.completed_at < ?
                and not exists (
                    select 1 from errand_queue q
                    where q.project_id = r.project_id and q.run_id = r.id)
            limit ?
            for update of l, r skip locked""";

    private static final String FIND_LOGS_H2 =
            """
            select l.project_id, l.run_id, r.completed_at
            from errand_log l
            join errand_run r on r.project_id = l.project_id and r.id = l.run_id
            where r.completed_at < ?
                and not exists (
                    select 1 from errand_queue q
                    where q.project_id = r.project_id and q.run_id = r.id)
            limit ?""";

    private static final String LOCK_CONVERSATIONS =
            """
            select c.project_id, c.run_id, r.completed_at
            from errand_conversation c
            join errand_run r on r.project_id = c.project_id and r.id = c.run_id
            where r.completed_at < ? and c.storage_path is not null
                and not exists (
                    select 1 from errand_queue q
                    where q.project_id = r.project_id and q.run_id = r.id)
            limit ?
            for update of c, r skip locked""";

    private static final String FIND_CONVERSATIONS_H2 =
            """
            select c.project_id, c.run_id, r.completed_at
            from errand_conversation c
            join errand_run r on r.project_id = c.project_id and r.id = c.run_id
            where r.completed_at < ? and c.storage_path is not null
                and not exists (
                    select 1 from errand_queue q
                    where q.project_id = r.project_id and q.run_id = r.id)
            limit ?""";

    private static final String LIST_CONVERSATIONS =
            """
            select storage_path from errand_conversation
            where project_id = ? and run_id = any(?) and storage_path is not null""";

    private static final String ERASE_CONVERSATIONS =
            """
            update errand_conversation set sha256 = null, size_in_bytes = null, storage_path = null
            where project_id = ? and run_id = any(?)""";

    private static final String LOCK_ENDED_RUNS_H2 =
            """
            select id from errand_run
            where project_id = ? and id = any(?) and completed_at < ?
            order by id
            for update""";

    private static final String DELETE_EXPIRED_ANSWERS =
            """
            with deleted as (
                delete from errand_idempotency where (project_id, key_hash) in (
                    select project_id, key_hash from errand_idempotency
                    where kept_until <= ? order by kept_until limit ?
                    for update skip locked)
                returning kept_until)
            select count(*) as deleted, min(kept_until) as oldest from deleted""";

    private static final String DELETE_EXPIRED_ANSWERS_H2 =
            """
            select count(*) as deleted, min(kept_until) as oldest from old table (
                delete from errand_idempotency where (project_id, key_hash) in (
                    select project_id, key_hash from errand_idempotency
                    where kept_until <= ? order by kept_until limit ?))""";

    private static final String DELETE_EXPIRED_SECRETS =
            """
            with deleted as (
                delete from errand_secret where (project_id, run_id, name) in (
                    select project_id, run_id, name from errand_secret
                    where expires_at <= ? order by expires_at limit ?
                    for update skip locked)
                returning expires_at)
            select count(*) as deleted, min(expires_at) as oldest from deleted""";

    private static final String DELETE_EXPIRED_SECRETS_H2 =
            """
            select count(*) as deleted, min(expires_at) as oldest from old table (
                delete from errand_secret where (project_id, run_id, name) in (
                    select project_id, run_id, name from errand_secret
                    where expires_at <= ? order by expires_at limit ?))""";

    private static final String LOCK_EXPIRED_UPLOADS =
            """
            select project_id, id, task_id, storage_path, expires_at, consumed_by
            from errand_staging
            where expires_at <= ?
            order by expires_at
            limit ?
            for update skip locked""";

    private static final String DELETE_UPLOADS =
            """
            delete from errand_staging where project_id = ? and id = any(?)""";

    private record ExpiredUpload(
            ProjectId project,
            UUID id,
            UUID task,
            String key,
            Instant expiredAt,
            boolean consumed) {}

    private record EndedRun(ProjectId project, UUID run, Instant completedAt) {}

    private final Database database;
    private final Dialect dialect;
    private final Clock clock;

    JdbcRetentionStore(Database database, Clock clock) {
        this.database = database;
        this.dialect = database.dialect();
        this.clock = clock;
    }

    @Override
    public ErasedData eraseTasks(TaskSelection selection, int max) {
        Instant now = clock.instant();
        return database.inTransaction(
                PORT,
                session -> {
                    ErasedData erased = ErasedData.NOTHING;
                    Map<ProjectId, List<TaskEraser.Candidate>> byProject =
                            lock(session, selection, max).stream()
                                    .collect(
                                            Collectors.groupingBy(
                                                    TaskEraser.Candidate::project,
                                                    LinkedHashMap::new,
                                                    Collectors.toList()));
                    for (ProjectId project : byProject.keySet()) {
                        List<TaskEraser.Candidate> locked =
                                lockOnH2(session, project, byProject.get(project));
                        erased =
                                erased.plus(
                                        TaskEraser.erase(
                                                session, dialect, project, locked, selection, now));
                    }
                    return erased;
                });
    }

    /** Locks the tasks to erase on PostgreSQL, and only finds them on H2. */
    private List<TaskEraser.Candidate> lock(SqlSession session, TaskSelection selection, int max)
            throws SQLException {
        SqlStatement statement;
        if (selection instanceof TaskSelection.DeletedBefore deleted) {
            statement =
                    session.statement(dialect.choose(LOCK_DELETED, FIND_DELETED_H2))
                            .time(deleted.time())
                            .number(max);
        } else if (selection instanceof TaskSelection.EndedBefore ended) {
            statement =
                    dialect == Dialect.POSTGRESQL
                            ? session.statement(LOCK_ENDED)
                                    .text(ended.status().wire())
                                    .time(ended.time())
                                    .time(ended.time())
                                    .number(max)
                                    .number(max)
                            : session.statement(FIND_ENDED_H2)
                                    .text(ended.status().wire())
                                    .time(ended.time())
                                    .number(max);
        } else if (selection instanceof TaskSelection.Single single) {
            statement =
                    session.statement(LOCK_SINGLE)
                            .project(single.project())
                            .id(single.task().value());
        } else {
            TaskSelection.OfProject all = (TaskSelection.OfProject) selection;
            statement =
                    session.statement(dialect.choose(LOCK_OF_PROJECT, FIND_OF_PROJECT_H2))
                            .project(all.project())
                            .number(max);
        }
        return statement.list(
                row ->
                        new TaskEraser.Candidate(
                                ProjectId.of(row.number("project_id")),
                                row.id("id"),
                                row.optionalTime("due_since")));
    }

    private List<TaskEraser.Candidate> lockOnH2(
            SqlSession session, ProjectId project, List<TaskEraser.Candidate> found)
            throws SQLException {
        if (dialect != Dialect.H2) {
            return found;
        }
        Set<UUID> locked =
                new HashSet<>(
                        session.statement(LOCK_TASKS_H2)
                                .project(project)
                                .ids(found.stream().map(TaskEraser.Candidate::id).toList())
                                .list(row -> row.id("id")));
        return found.stream().filter(task -> locked.contains(task.id())).toList();
    }

    @Override
    public ErasedData eraseLogs(Instant endedBefore, int max) {
        Instant now = clock.instant();
        return database.inTransaction(
                PORT,
                session -> {
                    ErasedData erased = ErasedData.NOTHING;
                    Map<ProjectId, List<EndedRun>> logs =
                            ended(session, LOCK_LOGS, FIND_LOGS_H2, endedBefore, max);
                    for (ProjectId project : logs.keySet()) {
                        List<EndedRun> due = logs.get(project);
                        long count =
                                TaskEraser.eraseLogs(
                                        session,
                                        project,
                                        lockOnH2(session, project, ids(due), endedBefore));
                        if (count > 0) {
                            erased =
                                    erased.plus(
                                            new ErasedData(0, 0, count, 0, 0, 0, 0, earliest(due)));
                        }
                    }
                    Map<ProjectId, List<EndedRun>> conversations =
                            ended(
                                    session,
                                    LOCK_CONVERSATIONS,
                                    FIND_CONVERSATIONS_H2,
                                    endedBefore,
                                    max);
                    for (ProjectId project : conversations.keySet()) {
                        List<EndedRun> due = conversations.get(project);
                        List<UUID> runs = lockOnH2(session, project, ids(due), endedBefore);
                        int count = eraseConversations(session, project, runs, now);
                        if (count > 0) {
                            erased =
                                    erased.plus(
                                            new ErasedData(0, 0, 0, 0, 0, 0, count, earliest(due)));
                        }
                    }
                    return erased;
                });
    }

    /** Returns ended runs by project, locked on PostgreSQL. */
    private Map<ProjectId, List<EndedRun>> ended(
            SqlSession session, String lock, String findOnH2, Instant endedBefore, int max)
            throws SQLException {
        return session
                .statement(dialect.choose(lock, findOnH2))
                .time(endedBefore)
                .number(max)
                .list(
                        row ->
                                new EndedRun(
                                        ProjectId.of(row.number("project_id")),
                                        row.id("run_id"),
                                        row.time("completed_at")))
                .stream()
                .collect(Collectors.groupingBy(EndedRun::project));
    }

    private static List<UUID> ids(List<EndedRun> runs) {
        return runs.stream().map(EndedRun::run).toList();
    }

    private static Optional<Instant> earliest(List<EndedRun> runs) {
        return runs.stream().map(EndedRun::completedAt).min(Instant::compareTo);
    }

    /** Erases the content of conversations and returns the number of their objects. */
    private int eraseConversations(
            SqlSession session, ProjectId project, List<UUID> runs, Instant now)
            throws SQLException {
        if (runs.isEmpty()) {
            return 0;
        }
        List<String> objects =
                session.statement(LIST_CONVERSATIONS)
                        .project(project)
                        .ids(runs)
                        .list(row -> row.text("storage_path"));
        ObjectDeletions.add(session, dialect, project, objects, now);
        session.statement(ERASE_CONVERSATIONS).project(project).ids(runs).update();
        return objects.size();
    }

    private List<UUID> lockOnH2(
            SqlSession session, ProjectId project, List<UUID> runs, Instant endedBefore)
            throws SQLException {
        return dialect == Dialect.H2
                ? session.statement(LOCK_ENDED_RUNS_H2)
                        .project(project)
                        .ids(runs)
                        .time(endedBefore)
                        .list(row -> row.id("id"))
                : runs;
    }

    @Override
    public ErasedData eraseExpired(int max) {
        Instant now = clock.instant();
        return database.inTransaction(
                PORT,
                session -> {
                    ErasedData answers =
                            session.statement(
                                            dialect.choose(
                                                    DELETE_EXPIRED_ANSWERS,
                                                    DELETE_EXPIRED_ANSWERS_H2))
                                    .time(now)
                                    .number(max)
                                    .findOne(
                                            row ->
                                                    new ErasedData(
                                                            0,
                                                            0,
                                                            0,
                                                            0,
                                                            0,
                                                            row.number("deleted"),
                                                            0,
                                                            row.optionalTime("oldest")))
                                    .orElseThrow();
                    ErasedData secrets =
                            session.statement(
                                            dialect.choose(
                                                    DELETE_EXPIRED_SECRETS,
                                                    DELETE_EXPIRED_SECRETS_H2))
                                    .time(now)
                                    .number(max)
                                    .findOne(
                                            row ->
                                                    new ErasedData(
                                                            0,
                                                            0,
                                                            0,
                                                            row.number("deleted"),
                                                            0,
                                                            0,
                                                            0,
                                                            row.optionalTime("oldest")))
                                    .orElseThrow();
                    return answers.plus(secrets).plus(eraseExpiredUploads(session, now, max));
                });
    }

    private ErasedData eraseExpiredUploads(SqlSession session, Instant now, int max)
            throws SQLException {
        Map<ProjectId, List<ExpiredUpload>> byProject =
                session
                        .statement(LOCK_EXPIRED_UPLOADS)
                        .time(now)
                        .number(max)
                        .list(
                                row ->
                                        new ExpiredUpload(
                                                ProjectId.of(row.number("project_id")),
                                                row.id("id"),
                                                row.id("task_id"),
                                                row.text("storage_path"),
                                                row.time("expires_at"),
                                                row.optionalId("consumed_by").isPresent()))
                        .stream()
                        .collect(Collectors.groupingBy(ExpiredUpload::project));
        ErasedData erased = ErasedData.NOTHING;
        for (ProjectId project : byProject.keySet()) {
            List<ExpiredUpload> expired = byProject.get(project);
            Set<UUID> tasks = expired.stream().map(ExpiredUpload::task).collect(Collectors.toSet());
            Set<String> named = ObjectDeletions.named(session, project, tasks);
            List<String> objects = new ArrayList<>();
            expired.stream()
                    .filter(upload -> !upload.consumed() && !named.contains(upload.key()))
                    .forEach(upload -> objects.add(upload.key()));
            ObjectDeletions.add(session, dialect, project, objects, now);
            session.statement(DELETE_UPLOADS)
                    .project(project)
                    .ids(expired.stream().map(ExpiredUpload::id).toList())
                    .update();
            erased =
                    erased.plus(
                            new ErasedData(
                                    0,
                                    0,
                                    0,
                                    0,
                                    expired.size(),
                                    0,
                                    objects.size(),
                                    expired.stream()
                                            .map(ExpiredUpload::expiredAt)
                                            .min(Instant::compareTo)));
        }
        return erased;
    }

    @Override
    public List<StoredObject> listObjectDeletions(int max) {
        return database.read(PORT, session -> List.copyOf(ObjectDeletions.list(session, max)));
    }

    @Override
    public void removeObjectDeletions(List<StoredObject> deleted) {
        database.inTransaction(PORT, session -> ObjectDeletions.remove(session, deleted));
    }
}
