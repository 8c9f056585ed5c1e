package dev.errand.jdbc;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
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

    private final Database database;
    private final IdempotencyTable idempotency;
    private final RunInserter insertions;
    private final RunUpdater updater;
    private final Clock clock;
    private final String find;
    private final String list;
    private final String count;
    private final String listOpen;
    private final String taskWithRun;

    JdbcRunStore(
            Database database,
            IdempotencyTable idempotency,
            RunInserter insertions,
            RunUpdater updater,
            Clock clock) {
        this.database = database;
        this.idempotency = idempotency;
        this.insertions = insertions;
        this.updater = updater;
        this.clock = clock;
        find =
                database.sql(
                        """
                        select %s from errand_run where project_id = ? and task_id = ? and id = ?"""
                                .formatted(RunColumns.COLUMNS));
        list =
                database.sql(
                        """
                        select %s from errand_run where project_id = ? and task_id = ?
                        order by created_at desc, id desc limit ? offset ?"""
                                .formatted(RunColumns.COLUMNS));
        count =
                database.sql(
                        "select count(*) from errand_run where project_id = ? and task_id = ?");
        listOpen =
                database.sql(
                        """
                        select %s from errand_run where project_id = ? and task_id = ?
                            and (completed_at is null or due_at is not null)
                        order by created_at, id"""
                                .formatted(RunColumns.COLUMNS));
        taskWithRun =
                database.sql(
                        """
                        select %s, %s
                        from (select * from errand_task where project_id = ? and id = ?) t
                        left join errand_run r
                            on r.project_id = t.project_id and r.id = t.latest_run_id"""
                                .formatted(TaskColumns.qualified("t"), RunColumns.qualified("r")));
    }

    @Override
    public RunInsertResult insert(ProjectId project, NewRun run, Optional<Idempotency> key) {
        boolean foreign = !run.run().project().equals(project);
        if (key.isPresent()) {
            return idempotency.execute(
                    PORT, project, key.get(), new KeyedInsertion(project, run, foreign));
        }
        if (foreign) {
            return new RunInsertResult.TaskNotFound();
        }
        if (run.consumes().isEmpty()
                && run.githubUserIntegration().isEmpty()
                && database.dialect().supportsMultiTableStatements()) {
            return database.execute(
                    PORT, session -> insertions.insertAlone(session, project, run.run()));
        }
        Instant now = clock.instant();
        return database.inTransaction(
                PORT, session -> insertions.insert(session, project, run, now));
    }

    @Override
    public Optional<Run> find(ProjectId project, TaskId task, RunId run) {
        return database.read(
                PORT,
                session ->
                        session.statement(find)
                                .project(project)
                                .id(task.value())
                                .id(run.value())
                                .findOne(row -> RunColumns.read(project, row)));
    }

    @Override
    public RunUpdateResult update(ProjectId project, RunChange change) {
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
    public Optional<InsertResult<TaskWithLatestRun>> findStoredResult(
            ProjectId project, Idempotency key) {
        return idempotency
                .find(PORT, project, key)
                .map(
                        first ->
                                first.isReplayedBy(key)
                                        ? new InsertResult.Replayed<>(answer(project, first))
                                        : new InsertResult.KeyConflict<>());
    }

    private static TaskWithLatestRun answer(
            ProjectId project, IdempotencyTable.StoredAnswer first) {
        return TaskSnapshotCodec.decode(project, first.payload().orElseThrow());
    }

    @Override
    public Page<Run> list(ProjectId project, TaskId task, PageRequest page) {
        return database.read(
                PORT,
                session -> {
                    List<Run> runs =
                            session.statement(list)
                                    .project(project)
                                    .id(task.value())
                                    .number(page.limit())
                                    .number(page.offset())
                                    .list(row -> RunColumns.read(project, row));
                    boolean isLastPage =
                            runs.isEmpty() ? page.offset() == 0 : runs.size() < page.limit();
                    return new Page<>(
                            runs,
                            isLastPage
                                    ? page.offset() + runs.size()
                                    : session.statement(count)
                                            .project(project)
                                            .id(task.value())
                                            .findOne(ResultRow::number)
                                            .orElseThrow());
                });
    }

    @Override
    public List<Run> listOpen(ProjectId project, TaskId task) {
        return database.read(
                PORT,
                session ->
                        List.copyOf(
                                session.statement(listOpen)
                                        .project(project)
                                        .id(task.value())
                                        .list(row -> RunColumns.read(project, row))));
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
        public IdempotencyTable.Kind kind() {
            return IdempotencyTable.Kind.RUN;
        }

        @Override
        public RunInsertResult perform(SqlSession session, Instant now) throws SQLException {
            return foreign
                    ? session.rollBackAndReturn(new RunInsertResult.TaskNotFound())
                    : insertions.insert(session, project, run, now);
        }

        @Override
        public Optional<byte[]> payload(RunInsertResult answer) {
            return Optional.of(
                    TaskSnapshotCodec.encode(((RunInsertResult.Inserted) answer).task()));
        }

        @Override
        public RunInsertResult replay(SqlSession session, IdempotencyTable.StoredAnswer first) {
            return new RunInsertResult.Replayed(answer(project, first));
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
        public IdempotencyTable.Kind kind() {
            return IdempotencyTable.Kind.RUN;
        }

        @Override
        public RunUpdateResult perform(SqlSession session, Instant now) throws SQLException {
            RunUpdateResult result = updater.updateOrRollBack(session, project, change);
            if (result instanceof RunUpdateResult.Updated) {
                answer =
                        session.statement(taskWithRun)
                                .project(project)
                                .id(change.after().task().value())
                                .findOne(row -> TaskColumns.readWithRun(project, row));
            }
            return result;
        }

        @Override
        public Optional<byte[]> payload(RunUpdateResult advance) {
            return answer.map(TaskSnapshotCodec::encode);
        }

        @Override
        public RunUpdateResult replay(SqlSession session, IdempotencyTable.StoredAnswer first) {
            return new RunUpdateResult.Replayed(answer(project, first));
        }

        @Override
        public RunUpdateResult conflict() {
            return new RunUpdateResult.KeyConflict();
        }
    }
}
