package dev.errand.jdbc;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The task store. Its lists are in {@link TaskLister}, its inserts in {@link TaskInserter}. */
final class JdbcTaskStore implements TaskStore {

    private static final String PORT = "TaskStore";

    private static final String FIND =
            """
            select t.id, t.task_number, t.version, t.title, t.title_manually_set, t.description,
                t.origin_product, t.repository, t.github_integration, t.github_user_integration,
                t.signal_report, t.json_schema, t.internal, t.archived_at, t.further_repositories, t.runtime,
                t.ci_prompt, t.created_by,
                t.created_at, t.updated_at, t.deleted_at,
                r.id as run_id, r.task_id as run_task_id, r.version as run_version,
                r.status as run_status, r.environment as run_environment, r.stage as run_stage,
                r.branch as run_branch, r.error_message as run_error_message,
                r.output as run_output, r.state as run_state, r.artifacts as run_artifacts,
                r.attempt as run_attempt, r.end_reason as run_end_reason,
                r.created_at as run_created_at, r.updated_at as run_updated_at,
                r.completed_at as run_completed_at
            from errand_task t
            left join errand_run r on r.project_id = t.project_id and r.id = (
                select latest.id from errand_run latest
                where latest.project_id = t.project_id and latest.task_id = t.id
                order by latest.created_at desc, latest.id desc
                limit 1)
            where t.project_id = ? and t.id = ? and t.deleted_at is null""";

    private static final String UPDATE =
            """
            update errand_task set
                version = ?, title = ?, title_manually_set = ?, description = ?,
                origin_product = ?, repository = ?, github_integration = ?,
                github_user_integration = ?, signal_report = ?, json_schema = ?, internal = ?,
                archived_at = ?, further_repositories = ?, runtime = ?, ci_prompt = ?, search_text = ?, updated_at = ?, deleted_at = ?
            where project_id = ? and id = ? and version = ? and deleted_at is null""";

    private static final String EXISTS =
            """
            select id from errand_task where project_id = ? and id = ? and deleted_at is null""";

    private final Database database;
    private final IdempotencyTable idempotency;
    private final QueueMarks marks;
    private final TaskNumbers numbers;
    private final TaskLister lister;
    private final TaskInserter inserter;

    JdbcTaskStore(Database database, IdempotencyTable idempotency, QueueMarks marks) {
        this.database = database;
        this.idempotency = idempotency;
        this.marks = marks;
        this.numbers = new TaskNumbers(database);
        this.lister = new TaskLister(database);
        this.inserter = new TaskInserter(database);
    }

    @Override
    public InsertResult<List<TaskWithLatestRun>> insert(
            ProjectId project, List<TaskInsertion> tasks, Optional<Idempotency> key) {
        InsertResult<List<TaskWithLatestRun>> result = insertOrReplay(project, tasks, key);
        if (result instanceof InsertResult.Inserted) {
            database.afterCommit(
                    () -> tasks.forEach(task -> task.run().ifPresent(marks::inserted)));
        }
        return result;
    }

    private InsertResult<List<TaskWithLatestRun>> insertOrReplay(
            ProjectId project, List<TaskInsertion> tasks, Optional<Idempotency> key) {
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
            ProjectId project, List<TaskInsertion> tasks) {
        return database.inTransaction(
                PORT,
                session -> {
                    Optional<List<TaskWithLatestRun>> inserted =
                            inserter.insertWithNewNumbers(session, project, tasks);
                    if (inserted.isEmpty()) {
                        numbers.createCounter(session, project);
                        inserted = inserter.insertWithNewNumbers(session, project, tasks);
                    }
                    return inserted.orElseThrow(JdbcTaskStore::missingNumber);
                });
    }

    private static PortException missingNumber() {
        return PortException.permanent(
                PORT,
                "the connection lost a session setting within one round trip; connect to PostgreSQL without"
                        + " a statement-level pooler");
    }

    private static void requireProject(ProjectId project, List<TaskInsertion> tasks) {
        for (TaskInsertion task : tasks) {
            if (task.run().map(run -> !run.run().project().equals(project)).orElse(false)) {
                throw new IllegalArgumentException(
                        "run "
                                + task.run().get().run().id()
                                + " must belong to project "
                                + project);
            }
        }
    }

    private List<TaskWithLatestRun> insert(
            SqlSession session, ProjectId project, List<TaskInsertion> tasks) throws SQLException {
        long firstNumber = numbers.allocate(session, project, tasks.size());
        return inserter.insert(session, project, tasks, firstNumber);
    }

    @Override
    public Optional<TaskWithLatestRun> find(ProjectId project, TaskId id) {
        return database.read(
                PORT,
                session ->
                        session.statement(FIND)
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
                    SqlStatement statement = session.statement(UPDATE).number(next.version());
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
        return session.statement(EXISTS)
                .project(next.project())
                .id(next.id().value())
                .<TaskUpdateResult>findOne(row -> new TaskUpdateResult.Stale())
                .orElseGet(TaskUpdateResult.NotFound::new);
    }

    @Override
    public Page<TaskWithLatestRun> list(ProjectId project, TaskFilter filter, PageRequest page) {
        return database.read(PORT, session -> lister.list(session, project, filter, page));
    }

    @Override
    public List<TaskWithLatestRun> listAfter(
            ProjectId project, TaskFilter filter, Optional<TaskPosition> after, int limit) {
        return database.read(
                PORT, session -> lister.listAfter(session, project, filter, after, limit));
    }

    @Override
    public Page<TaskWithLatestRun> listByIds(ProjectId project, Set<TaskId> ids, PageRequest page) {
        return database.read(PORT, session -> lister.listByIds(session, project, ids, page));
    }

    @Override
    public List<String> listRepositories(ProjectId project) {
        return database.read(PORT, session -> lister.listRepositories(session, project));
    }

    /** An insertion with an idempotency key. */
    private final class KeyedInsertion
            implements IdempotencyTable.KeyedOperation<InsertResult<List<TaskWithLatestRun>>> {
        private final ProjectId project;
        private final List<TaskInsertion> tasks;

        KeyedInsertion(ProjectId project, List<TaskInsertion> tasks) {
            this.project = project;
            this.tasks = tasks;
        }

        @Override
        public Optional<TaskId> task() {
            return Optional.of(tasks.get(0).task().id());
        }

        @Override
        public InsertResult<List<TaskWithLatestRun>> perform(SqlSession session, Instant now)
                throws SQLException {
            return new InsertResult.Inserted<>(insert(session, project, tasks));
        }

        @Override
        public Optional<TaskWithLatestRun> payload(InsertResult<List<TaskWithLatestRun>> answer) {
            return Optional.of(
                    ((InsertResult.Inserted<List<TaskWithLatestRun>>) answer).value().get(0));
        }

        @Override
        public InsertResult<List<TaskWithLatestRun>> replay(
                SqlSession session, IdempotencyTable.StoredAnswer first) throws SQLException {
            return new InsertResult.Replayed<>(List.of(first.task(project)));
        }

        @Override
        public InsertResult<List<TaskWithLatestRun>> conflict() {
            return new InsertResult.KeyConflict<>();
        }
    }
}
