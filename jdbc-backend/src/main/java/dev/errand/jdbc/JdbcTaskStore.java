package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.NewTaskWithFirstRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The task store. Lists are in {@link TaskLister} and {@link TasksByIdLister}, batch inserts in
 * {@link TaskBatchInserter}.
 */
final class JdbcTaskStore implements TaskStore {

    private static final String PORT = "TaskStore";

    private final Database database;
    private final IdempotencyTable idempotency;
    private final TaskNumbers numbers;
    private final TaskLister lists;
    private final TasksByIdLister tasksById;
    private final TaskBatchInserter batches;
    private final RunInserter runs;
    private final String insert;
    private final String find;
    private final String advance;
    private final String exists;

    JdbcTaskStore(Database database, IdempotencyTable idempotency, RunInserter runs) {
        this.database = database;
        this.idempotency = idempotency;
        this.numbers = new TaskNumbers(database);
        this.lists = new TaskLister(database);
        this.tasksById = new TasksByIdLister(database);
        this.batches = new TaskBatchInserter(database);
        this.runs = runs;
        insert =
                database.sql(
                        database.dialect()
                                .insertIfAbsent(
                                        """
                                        insert into errand_task
                                            (project_id, id, task_number, version,
                                             title, title_manually_set, description,
                                             origin_product, repository, github_integration,
                                             github_user_integration, signal_report, json_schema,
                                             internal, ci_prompt, search_text,
                                             created_by, created_at, updated_at,
                                             report_relationship)
                                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                                                ?, ?, ?, ?)""",
                                        "project_id, id"));
        find =
                database.sql(
                        """
                        select %s, %s
                        from (select * from errand_task
                              where project_id = ? and id = ? and deleted_at is null) t
                        left join errand_run r
                            on r.project_id = t.project_id and r.id = t.latest_run_id"""
                                .formatted(TaskColumns.qualified("t"), RunColumns.qualified("r")));
        advance =
                database.sql(
                        """
                        update errand_task set
                            version = ?, title = ?, title_manually_set = ?, description = ?,
                            origin_product = ?, repository = ?, github_integration = ?,
                            github_user_integration = ?, signal_report = ?, json_schema = ?,
                            internal = ?, ci_prompt = ?, search_text = ?, updated_at = ?,
                            deleted_at = ?
                        where project_id = ? and id = ? and version = ? and deleted_at is null""");
        exists =
                database.sql(
                        """
                        select id from errand_task
                        where project_id = ? and id = ? and deleted_at is null""");
    }

    @Override
    public InsertResult<List<TaskWithLatestRun>> insert(
            ProjectId project, List<NewTaskWithFirstRun> tasks, Optional<Idempotency> key) {
        requireProject(project, tasks);
        if (key.isPresent()) {
            if (tasks.size() != 1) {
                throw new IllegalArgumentException(
                        "a request with an idempotency key must insert exactly one task, but has "
                                + tasks.size());
            }
            return idempotency.execute(
                    PORT, project, key.get(), new KeyedInsertion(project, tasks));
        }
        return new InsertResult.Inserted<>(
                numbers.allocatesAhead()
                        ? insertWithNewNumbers(project, tasks)
                        : database.inTransaction(PORT, session -> insert(session, project, tasks)));
    }

    private List<TaskWithLatestRun> insertWithNewNumbers(
            ProjectId project, List<NewTaskWithFirstRun> tasks) {
        return database.inTransaction(
                PORT,
                session -> {
                    Optional<List<TaskWithLatestRun>> inserted =
                            batches.insertWithNewNumbers(session, project, tasks);
                    if (inserted.isEmpty()) {
                        numbers.createCounter(session, project);
                        inserted = batches.insertWithNewNumbers(session, project, tasks);
                    }
                    return inserted.orElseThrow(JdbcTaskStore::missingNumber);
                });
    }

    private static BackendException missingNumber() {
        return BackendException.permanent(
                PORT,
                "the connection lost a session setting within one round trip; connect to PostgreSQL without"
                        + " a statement-level pooler");
    }

    private static void requireProject(ProjectId project, List<NewTaskWithFirstRun> tasks) {
        for (NewTaskWithFirstRun task : tasks) {
            if (task.run().map(run -> !run.project().equals(project)).orElse(false)) {
                throw new IllegalArgumentException(
                        "run " + task.run().get().id() + " must belong to project " + project);
            }
        }
    }

    private List<TaskWithLatestRun> insert(
            SqlSession session, ProjectId project, List<NewTaskWithFirstRun> tasks)
            throws SQLException {
        long number = numbers.allocate(session, project, tasks.size());
        if (database.dialect().supportsMultiTableStatements()) {
            return batches.insert(session, project, tasks, number);
        }
        List<TaskWithLatestRun> inserted = new ArrayList<>(tasks.size());
        for (NewTaskWithFirstRun each : tasks) {
            Task task = each.task().numbered(project, number++);
            insert(session, task, each.task());
            if (each.run().isPresent()) {
                runs.insert(session, project, each.run().get());
            }
            inserted.add(new TaskWithLatestRun(task, each.run()));
        }
        return List.copyOf(inserted);
    }

    private void insert(SqlSession session, Task task, NewTask insertion) throws SQLException {
        SqlStatement statement =
                session.statement(insert)
                        .project(task.project())
                        .id(task.id().value())
                        .number(task.number())
                        .number(task.version());
        boolean inserted =
                SqlSession.insertIfAbsent(
                        TaskColumns.bindDetails(statement, task.details())
                                .number(task.createdBy().map(UserId::value))
                                .time(task.createdAt())
                                .time(task.updatedAt())
                                .text(insertion.reportRelationship().map(link -> link.wire())));
        if (!inserted) {
            throw new IllegalArgumentException(
                    "task id " + task.id() + " must be new, but is already used");
        }
    }

    @Override
    public Optional<TaskWithLatestRun> find(ProjectId project, TaskId id) {
        return database.read(
                PORT,
                session ->
                        session.statement(find)
                                .project(project)
                                .id(id.value())
                                .findOne(row -> TaskColumns.readWithRun(project, row)));
    }

    @Override
    public TaskUpdateResult update(ProjectId project, Task next) {
        if (!next.project().equals(project)) {
            return new TaskUpdateResult.NotFound();
        }
        return database.execute(
                PORT,
                session -> {
                    SqlStatement statement = session.statement(advance).number(next.version());
                    boolean advanced =
                            TaskColumns.bindDetails(statement, next.details())
                                    .time(next.updatedAt())
                                    .time(next.deletedAt())
                                    .project(project)
                                    .id(next.id().value())
                                    .number(next.version() - 1)
                                    .updateOne();
                    return advanced ? new TaskUpdateResult.Updated(next) : refusal(session, next);
                });
    }

    private TaskUpdateResult refusal(SqlSession session, Task next) throws SQLException {
        return session.statement(exists)
                .project(next.project())
                .id(next.id().value())
                .<TaskUpdateResult>findOne(row -> new TaskUpdateResult.Stale())
                .orElseGet(TaskUpdateResult.NotFound::new);
    }

    @Override
    public Page<TaskWithLatestRun> list(ProjectId project, TaskFilter filter, PageRequest page) {
        return database.read(PORT, session -> lists.page(session, project, filter, page));
    }

    @Override
    public List<TaskWithLatestRun> listAfter(
            ProjectId project, TaskFilter filter, Optional<TaskPosition> after, int limit) {
        return database.read(PORT, session -> lists.after(session, project, filter, after, limit));
    }

    @Override
    public Page<TaskWithLatestRun> listByIds(ProjectId project, Set<TaskId> ids, PageRequest page) {
        return database.read(PORT, session -> tasksById.page(session, project, ids, page));
    }

    @Override
    public List<String> listRepositories(ProjectId project) {
        return database.read(PORT, session -> tasksById.repositories(session, project));
    }

    /** An insertion with an idempotency key. */
    private final class KeyedInsertion
            implements IdempotencyTable.KeyedOperation<InsertResult<List<TaskWithLatestRun>>> {
        private final ProjectId project;
        private final List<NewTaskWithFirstRun> tasks;

        KeyedInsertion(ProjectId project, List<NewTaskWithFirstRun> tasks) {
            this.project = project;
            this.tasks = tasks;
        }

        @Override
        public IdempotencyTable.Kind kind() {
            return IdempotencyTable.Kind.TASK;
        }

        @Override
        public InsertResult<List<TaskWithLatestRun>> perform(SqlSession session, Instant now)
                throws SQLException {
            return new InsertResult.Inserted<>(insert(session, project, tasks));
        }

        @Override
        public Optional<byte[]> payload(InsertResult<List<TaskWithLatestRun>> answer) {
            return Optional.of(
                    TaskSnapshotCodec.encode(
                            ((InsertResult.Inserted<List<TaskWithLatestRun>>) answer)
                                    .value()
                                    .get(0)));
        }

        @Override
        public InsertResult<List<TaskWithLatestRun>> replay(
                SqlSession session, IdempotencyTable.StoredAnswer first) {
            return new InsertResult.Replayed<>(
                    List.of(TaskSnapshotCodec.decode(project, first.payload().orElseThrow())));
        }

        @Override
        public InsertResult<List<TaskWithLatestRun>> conflict() {
            return new InsertResult.KeyConflict<>();
        }
    }
}
