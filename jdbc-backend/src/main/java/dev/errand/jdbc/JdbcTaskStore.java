package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import dev.errand.spi.Idempotency;
import dev.errand.spi.InsertResult;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.NewTask;
import dev.errand.spi.task.NewTaskWithFirstRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskPosition;
import dev.errand.spi.task.TaskStore;
import dev.errand.spi.task.TaskUpdateResult;
import dev.errand.spi.task.TaskWithLatestRun;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The task store. Lists are in {@link TaskLister} and {@link TasksByIdLister}, batch inserts
 * in {@link TaskBatchInserter}.
 */
final class JdbcTaskStore implements TaskStore {

    private static final String PORT = "TaskStore";

    private static final RowBatch.Columns OF =
            RowBatch.Columns.of("project_id bigint, task_id uuid, run_id uuid");
    private static final String FIND_OF =
            """
            select s.run_id, s.project_id, %s
            from %s
            join errand_task t on t.project_id = s.project_id and t.id = s.task_id
            where t.deleted_at is null""";

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
    private final String findOfOne;
    private final String findOfMany;

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
        findOfOne =
                database.sql(FIND_OF.formatted(TaskColumns.qualified("t"), OF.singleRowTable("s")));
        findOfMany = database.sql(FIND_OF.formatted(TaskColumns.qualified("t"), OF.table("s")));
        exists =
                database.sql(
                        """
                        select id from errand_task
                        where project_id = ? and id = ? and deleted_at is null""");
    }

    @Override
    public InsertResult<Task> insert(ProjectId project, NewTask task, Optional<Idempotency> key) {
        if (key.isPresent()) {
            return idempotency.execute(PORT, project, key.get(), new KeyedInsertion(project, task));
        }
        if (numbers.allocatesAhead()) {
            NewTaskWithFirstRun alone = new NewTaskWithFirstRun(task, Optional.empty());
            return new InsertResult.Inserted<>(
                    insertWithNewNumbers(project, List.of(alone)).get(0).task());
        }
        return database.inTransaction(PORT, session -> insert(session, project, task));
    }

    @Override
    public List<TaskWithLatestRun> insertAll(ProjectId project, List<NewTaskWithFirstRun> tasks) {
        requireProject(project, tasks);
        return numbers.allocatesAhead()
                ? insertWithNewNumbers(project, tasks)
                : database.inTransaction(PORT, session -> insertAll(session, project, tasks));
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
                PORT, "the connection lost a session setting within one round trip; connect to PostgreSQL without"
+ " a statement-level pooler", null);
    }

    private static void requireProject(ProjectId project, List<NewTaskWithFirstRun> tasks) {
        for (NewTaskWithFirstRun task : tasks) {
            if (task.run().map(run -> !run.project().equals(project)).orElse(false)) {
                throw new IllegalArgumentException(
                        "run " + task.run().get().id() + " must belong to project " + project);
            }
        }
    }

    private List<TaskWithLatestRun> insertAll(
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

    @Override
    public Optional<InsertResult<Task>> findAnswer(ProjectId project, Idempotency key) {
        return idempotency
                .find(PORT, project, key)
                .map(
                        first ->
                                first.matches(IdempotencyTable.Kind.TASK, key)
                                        ? new InsertResult.Replayed<>(answer(project, first))
                                        : new InsertResult.KeyConflict<>());
    }

    private static Task answer(ProjectId project, IdempotencyTable.StoredAnswer first) {
        return TaskSnapshotCodec.decode(project, first.payload().orElseThrow()).task();
    }

    private InsertResult<Task> insert(SqlSession session, ProjectId project, NewTask task)
            throws SQLException {
        long number = numbers.allocate(session, project, 1);
        return insert(session, task.numbered(project, number), task);
    }

    private InsertResult<Task> insert(SqlSession session, Task task, NewTask insertion)
            throws SQLException {
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
                                .text(insertion.reportLink().map(link -> link.wire())));
        if (!inserted) {
            throw new IllegalArgumentException("task id " + task.id() + " must be new, but is already used");
        }
        return new InsertResult.Inserted<>(task);
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
    public Map<RunId, Task> findOf(Collection<Run> runs) {
        if (runs.isEmpty() || database.dialect() != Dialect.POSTGRESQL) {
            return TaskStore.super.findOf(runs);
        }
        Map<RunId, Task> found = new HashMap<>();
        database.read(
                PORT,
                session ->
                        runs.size() == 1
                                ? rows(runs)
                                        .bindSingleRow(session.statement(findOfOne))
                                        .list(keepIn(found))
                                : rows(runs)
                                        .bind(session.statement(findOfMany))
                                        .list(keepIn(found)));
        return Map.copyOf(found);
    }

    private static RowBatch rows(Collection<Run> runs) throws SQLException {
        RowBatch rows = new RowBatch(OF);
        for (Run run : runs) {
            rows.project(run.project()).id(run.task().value()).id(run.id().value()).endRow();
        }
        return rows;
    }

    private static SqlStatement.RowMapper<RunId> keepIn(Map<RunId, Task> found) {
        return row -> {
            RunId run = RunId.of(row.id());
            found.put(run, TaskColumns.read(ProjectId.of(row.number()), row));
            return run;
        };
    }

    @Override
    public TaskUpdateResult advance(ProjectId project, Task next) {
        if (!next.project().equals(project)) {
            return new TaskUpdateResult.Missing();
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
                    return advanced ? new TaskUpdateResult.Advanced(next) : refusal(session, next);
                });
    }

    private TaskUpdateResult refusal(SqlSession session, Task next) throws SQLException {
        return session.statement(exists)
                .project(next.project())
                .id(next.id().value())
                .<TaskUpdateResult>findOne(row -> new TaskUpdateResult.Stale())
                .orElseGet(TaskUpdateResult.Missing::new);
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
    public Page<TaskWithLatestRun> listOf(ProjectId project, Set<TaskId> ids, PageRequest page) {
        return database.read(PORT, session -> tasksById.page(session, project, ids, page));
    }

    @Override
    public List<String> listRepositories(ProjectId project) {
        return database.read(PORT, session -> tasksById.repositories(session, project));
    }

    /** An insertion with an idempotency key. */
    private final class KeyedInsertion
            implements IdempotencyTable.KeyedOperation<InsertResult<Task>> {
        private final ProjectId project;
        private final NewTask task;

        KeyedInsertion(ProjectId project, NewTask task) {
            this.project = project;
            this.task = task;
        }

        @Override
        public IdempotencyTable.Kind kind() {
            return IdempotencyTable.Kind.TASK;
        }

        @Override
        public InsertResult<Task> perform(SqlSession session, Instant now) throws SQLException {
            return insert(session, project, task);
        }

        @Override
        public Optional<byte[]> payload(InsertResult<Task> answer) {
            Task inserted = ((InsertResult.Inserted<Task>) answer).value();
            return Optional.of(
                    TaskSnapshotCodec.encode(new TaskWithLatestRun(inserted, Optional.empty())));
        }

        @Override
        public InsertResult<Task> replay(SqlSession session, IdempotencyTable.StoredAnswer first) {
            return new InsertResult.Replayed<>(answer(project, first));
        }

        @Override
        public InsertResult<Task> conflict() {
            return new InsertResult.KeyConflict<>();
        }
    }
}
