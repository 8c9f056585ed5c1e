package dev.errand.jdbc;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The run store. Its writing statements are in {@link RunInserter} and {@link RunUpdater}. */
final class JdbcRunStore implements RunStore {

    private static final String PORT = "RunStore";

    // The task is compared as in RunUpdater.
    private static final String FIND =
            """
            select r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at,
                q.phase, q.failures, q.queued_at, q.due_at, q.handle, q.last_failure,
                q.stop_reason, q.priority, q.queued_limit, q.launch_limit, q.inactivity_limit,
                q.total_limit
            from errand_run r
            join errand_task t on t.project_id = r.project_id and t.id = r.task_id
            left join errand_queue q on q.project_id = r.project_id and q.run_id = r.id
            where r.project_id = ? and r.task_id is not distinct from ? and r.id = ? and t.deleted_at is null""";

    private static final String FIND_INCLUDING_DELETED =
            """
            select r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at,
                q.phase, q.failures, q.queued_at, q.due_at, q.handle, q.last_failure,
                q.stop_reason, q.priority, q.queued_limit, q.launch_limit, q.inactivity_limit,
                q.total_limit
            from errand_run r
            left join errand_queue q on q.project_id = r.project_id and q.run_id = r.id
            where r.project_id = ? and r.task_id is not distinct from ? and r.id = ?""";

    private static final String LIST_OPEN =
            """
            select r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at,
                q.phase, q.failures, q.queued_at, q.due_at, q.handle, q.last_failure,
                q.stop_reason, q.priority, q.queued_limit, q.launch_limit, q.inactivity_limit,
                q.total_limit
            from errand_run r
            left join errand_queue q on q.project_id = r.project_id and q.run_id = r.id
            where r.project_id = ? and r.task_id = ?
                and (r.completed_at is null or q.run_id is not null)
            order by r.created_at, r.id""";

    /**
     * A page with the number of all runs, which are counted only if the page does not show it. The
     * row of an empty page has no run.
     */
    private static final String COUNTED_PAGE =
            """
            with page as (
                select * from errand_run
                where project_id = ? and task_id = ?
                order by created_at desc, id desc
                limit ? offset ?),
            counted as (
                select case
                    when (select count(*) from page) between 1 and ? - 1
                        or (select count(*) from page) = 0 and ? = 0
                    then (select count(*) from page) + ?
                    else (
                        select count(*) from errand_run where project_id = ? and task_id = ?)
                    end as total)
            select counted.total, page.id, page.task_id, page.version, page.status,
                page.environment, page.stage, page.branch, page.error_message, page.output,
                page.state, page.artifacts, page.attempt, page.end_reason, page.created_at,
                page.updated_at, page.completed_at
            from counted
            left join page on true
            order by page.created_at desc, page.id desc""";

    private static final String PAGE_H2 =
            """
            select id, task_id, version, status, environment, stage, branch, error_message, output,
                state, artifacts, attempt, end_reason, created_at, updated_at, completed_at
            from errand_run
            where project_id = ? and task_id = ?
            order by created_at desc, id desc
            limit ? offset ?""";

    private static final String COUNT_H2 =
            """
            select count(*) as total from errand_run where project_id = ? and task_id = ?""";

    private static final String FIND_TASK_WITH_RUN =
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
            where t.project_id = ? and t.id = ?""";

    private final Database database;
    private final IdempotencyTable idempotency;
    private final RunInserter inserter;
    private final RunUpdater updater;
    private final QueueMarks marks;
    private final Clock clock;

    JdbcRunStore(
            Database database,
            IdempotencyTable idempotency,
            RunInserter inserter,
            RunUpdater updater,
            QueueMarks marks,
            Clock clock) {
        this.database = database;
        this.idempotency = idempotency;
        this.inserter = inserter;
        this.updater = updater;
        this.marks = marks;
        this.clock = clock;
    }

    @Override
    public RunInsertResult insert(ProjectId project, NewRun run, Optional<Idempotency> key) {
        RunInsertResult result = insertOrReplay(project, run, key);
        if (result instanceof RunInsertResult.Inserted) {
            database.afterCommit(() -> marks.inserted(run.stored()));
        }
        return result;
    }

    private RunInsertResult insertOrReplay(
            ProjectId project, NewRun run, Optional<Idempotency> key) {
        boolean foreign = !run.run().project().equals(project);
        if (key.isPresent()) {
            return idempotency.execute(
                    PORT, project, key.get(), new KeyedInsertion(project, run, foreign));
        }
        if (foreign) {
            return new RunInsertResult.TaskNotFound();
        }
        Instant now = clock.instant();
        return database.inTransaction(PORT, session -> inserter.insert(session, project, run, now));
    }

    @Override
    public Optional<StoredRun> find(ProjectId project, TaskId task, RunId run) {
        return find(FIND, project, task, run);
    }

    @Override
    public Optional<StoredRun> findIncludingDeleted(ProjectId project, TaskId task, RunId run) {
        return find(FIND_INCLUDING_DELETED, project, task, run);
    }

    private Optional<StoredRun> find(String statement, ProjectId project, TaskId task, RunId run) {
        return database.read(
                PORT,
                session ->
                        session.statement(statement)
                                .project(project)
                                .id(task.value())
                                .id(run.value())
                                .findOne(row -> readWithEntry(project, row)));
    }

    private static StoredRun readWithEntry(ProjectId project, Row row) throws SQLException {
        return new StoredRun(RunColumns.read(project, row), QueueColumns.readOptional(row));
    }

    @Override
    public RunUpdateResult update(ProjectId project, RunChange change) {
        RunUpdateResult result = updateOrReplay(project, change);
        if (result instanceof RunUpdateResult.Updated) {
            database.afterCommit(() -> marks.updated(change));
        }
        return result;
    }

    private RunUpdateResult updateOrReplay(ProjectId project, RunChange change) {
        if (change.key().isPresent()) {
            return idempotency.execute(
                    PORT, project, change.key().get(), new KeyedChange(project, change));
        }
        return updater.needsTransaction(change)
                ? database.inTransaction(
                        PORT, session -> updater.updateOrRollBack(session, project, change))
                : database.execute(
                        PORT, session -> updater.updateOrRollBack(session, project, change));
    }

    @Override
    public Optional<StoredResult> findStoredResult(ProjectId project, Idempotency key) {
        return idempotency.findResult(PORT, project, key);
    }

    @Override
    public Page<Run> list(ProjectId project, TaskId task, PageRequest page) {
        return database.read(
                PORT,
                session ->
                        switch (database.dialect()) {
                            case POSTGRESQL -> countedPage(session, project, task, page);
                            case H2 -> pageAndCountH2(session, project, task, page);
                        });
    }

    /** A row of a page: the total, and a run unless the page is empty. */
    private record CountedRun(long total, Optional<Run> run) {}

    private static Page<Run> countedPage(
            SqlSession session, ProjectId project, TaskId task, PageRequest page)
            throws SQLException {
        List<CountedRun> rows =
                session.statement(COUNTED_PAGE)
                        .project(project)
                        .id(task.value())
                        .number(page.limit())
                        .number(page.offset())
                        .number(page.limit())
                        .number(page.offset())
                        .number(page.offset())
                        .project(project)
                        .id(task.value())
                        .list(
                                row ->
                                        new CountedRun(
                                                row.number("total"),
                                                RunColumns.readOptional(project, row)));
        return new Page<>(
                rows.stream().flatMap(row -> row.run().stream()).toList(), rows.get(0).total());
    }

    private static Page<Run> pageAndCountH2(
            SqlSession session, ProjectId project, TaskId task, PageRequest page)
            throws SQLException {
        List<Run> runs =
                session.statement(PAGE_H2)
                        .project(project)
                        .id(task.value())
                        .number(page.limit())
                        .number(page.offset())
                        .list(row -> RunColumns.read(project, row));
        boolean isLastPage = runs.isEmpty() ? page.offset() == 0 : runs.size() < page.limit();
        return new Page<>(
                runs,
                isLastPage
                        ? page.offset() + runs.size()
                        : session.statement(COUNT_H2)
                                .project(project)
                                .id(task.value())
                                .findOne(row -> row.number("total"))
                                .orElseThrow());
    }

    @Override
    public List<StoredRun> listOpen(ProjectId project, TaskId task) {
        return database.read(
                PORT,
                session ->
                        List.copyOf(
                                session.statement(LIST_OPEN)
                                        .project(project)
                                        .id(task.value())
                                        .list(row -> readWithEntry(project, row))));
    }

    /** An insertion with an idempotency key. */
    private final class KeyedInsertion implements IdempotencyTable.KeyedOperation<RunInsertResult> {
        private final ProjectId project;
        private final NewRun run;
        private final boolean foreign;

        KeyedInsertion(ProjectId project, NewRun run, boolean foreign) {
            this.project = project;
            this.run = run;
            this.foreign = foreign;
        }

        @Override
        public Optional<TaskId> task() {
            return Optional.of(run.run().task());
        }

        @Override
        public RunInsertResult perform(SqlSession session, Instant now) throws SQLException {
            return foreign
                    ? session.rollBackAndReturn(new RunInsertResult.TaskNotFound())
                    : inserter.insert(session, project, run, now);
        }

        @Override
        public Optional<TaskWithLatestRun> payload(RunInsertResult answer) {
            return Optional.of(((RunInsertResult.Inserted) answer).task());
        }

        @Override
        public RunInsertResult replay(SqlSession session, IdempotencyTable.StoredAnswer first)
                throws SQLException {
            return new RunInsertResult.Replayed(first.task(project));
        }

        @Override
        public RunInsertResult conflict() {
            return new RunInsertResult.KeyConflict();
        }
    }

    /** An update with an idempotency key. */
    private final class KeyedChange implements IdempotencyTable.KeyedOperation<RunUpdateResult> {
        private final ProjectId project;
        private final RunChange change;
        private Optional<TaskWithLatestRun> answer = Optional.empty();

        KeyedChange(ProjectId project, RunChange change) {
            this.project = project;
            this.change = change;
        }

        @Override
        public Optional<TaskId> task() {
            return Optional.of(change.after().run().task());
        }

        @Override
        public RunUpdateResult perform(SqlSession session, Instant now) throws SQLException {
            RunUpdateResult result = updater.updateOrRollBack(session, project, change);
            if (result instanceof RunUpdateResult.Updated) {
                answer =
                        session.statement(FIND_TASK_WITH_RUN)
                                .project(project)
                                .id(change.after().run().task().value())
                                .findOne(row -> TaskColumns.readWithRun(project, row));
            }
            return result;
        }

        @Override
        public Optional<TaskWithLatestRun> payload(RunUpdateResult result) {
            return answer;
        }

        @Override
        public RunUpdateResult replay(SqlSession session, IdempotencyTable.StoredAnswer first)
                throws SQLException {
            return new RunUpdateResult.Replayed(first.task(project));
        }

        @Override
        public RunUpdateResult conflict() {
            return new RunUpdateResult.KeyConflict();
        }
    }
}
