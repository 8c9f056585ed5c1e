package dev.errand.jdbc;

import dev.errand.spi.Idempotency;
import dev.errand.spi.InsertResult;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.NewRun;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunInsertResult;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.run.RunUpdateResult;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithLatestRun;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The runs; their statements are in {@link RunInsertions} and {@link RunChanges}. */
final class JdbcRunStore implements RunStore {

    private static final String PORT = "RunStore";

    private final Database database;
    private final Answers answers;
    private final RunInsertions insertions;
    private final RunChanges changes;
    private final Clock clock;
    private final String find;
    private final String list;
    private final String count;
    private final String listOpen;
    private final String taskWithRun;

    JdbcRunStore(
            Database database,
            Answers answers,
            RunInsertions insertions,
            RunChanges changes,
            Clock clock) {
        this.database = database;
        this.answers = answers;
        this.insertions = insertions;
        this.changes = changes;
        this.clock = clock;
        find =
                database.sql(
                        """
                        select %s from errand_run where project_id = ? and task_id = ? and id = ?"""
                                .formatted(RunColumns.READ));
        list =
                database.sql(
                        """
                        select %s from errand_run where project_id = ? and task_id = ?
                        order by created_at desc, id desc limit ? offset ?"""
                                .formatted(RunColumns.READ));
        count =
                database.sql(
                        "select count(*) from errand_run where project_id = ? and task_id = ?");
        listOpen =
                database.sql(
                        """
                        select %s from errand_run where project_id = ? and task_id = ?
                            and (completed_at is null or due_at is not null)
                        order by created_at, id"""
                                .formatted(RunColumns.READ));
        taskWithRun =
                database.sql(
                        """
                        select %s, %s
                        from (select * from errand_task where project_id = ? and id = ?) t
                        left join errand_run r
                            on r.project_id = t.project_id and r.id = t.latest_run_id"""
                                .formatted(TaskColumns.of("t"), RunColumns.of("r")));
    }

    @Override
    public RunInsertResult insert(ProjectId project, NewRun run, Optional<Idempotency> key) {
        boolean foreign = !run.run().project().equals(project);
        if (key.isPresent()) {
            return answers.once(
                    PORT, project, key.get(), new KeyedInsertion(project, run, foreign));
        }
        if (foreign) {
            return new RunInsertResult.TaskNotFound();
        }
        if (run.consumes().isEmpty() && database.dialect().changesTablesTogether()) {
            return database.once(
                    PORT, session -> insertions.insertAlone(session, project, run.run()));
        }
        Instant now = clock.instant();
        return database.together(PORT, session -> insertions.insert(session, project, run, now));
    }

    @Override
    public Optional<Run> find(ProjectId project, TaskId task, RunId run) {
        return database.reading(
                PORT,
                session ->
                        session.call(find)
                                .project(project)
                                .id(task.value())
                                .id(run.value())
                                .one(row -> RunColumns.read(project, row)));
    }

    @Override
    public RunUpdateResult update(ProjectId project, RunChange change) {
        if (change.key().isPresent()) {
            return answers.once(
                    PORT, project, change.key().get(), new KeyedChange(project, change));
        }
        return changes.needsTransaction(change)
                ? database.together(PORT, session -> changes.make(session, project, change))
                : database.once(PORT, session -> changes.make(session, project, change));
    }

    @Override
    public Optional<InsertResult<TaskWithLatestRun>> findAnswer(
            ProjectId project, Idempotency key) {
        return answers.find(PORT, project, key)
                .map(
                        first ->
                                first.isRepeatedBy(key)
                                        ? new InsertResult.Replayed<>(answer(project, first))
                                        : new InsertResult.KeyConflict<>());
    }

    private static TaskWithLatestRun answer(ProjectId project, Answers.First first) {
        return Snapshot.unpack(project, first.payload().orElseThrow());
    }

    @Override
    public Page<Run> list(ProjectId project, TaskId task, PageRequest page) {
        return database.reading(
                PORT,
                session -> {
                    List<Run> runs =
                            session.call(list)
                                    .project(project)
                                    .id(task.value())
                                    .number(page.limit())
                                    .number(page.offset())
                                    .list(row -> RunColumns.read(project, row));
                    boolean tells =
                            runs.isEmpty() ? page.offset() == 0 : runs.size() < page.limit();
                    return new Page<>(
                            runs,
                            tells
                                    ? page.offset() + runs.size()
                                    : session.call(count)
                                            .project(project)
                                            .id(task.value())
                                            .one(Row::number)
                                            .orElseThrow());
                });
    }

    @Override
    public List<Run> listOpen(ProjectId project, TaskId task) {
        return database.reading(
                PORT,
                session ->
                        List.copyOf(
                                session.call(listOpen)
                                        .project(project)
                                        .id(task.value())
                                        .list(row -> RunColumns.read(project, row))));
    }

    /** An insertion that its client may repeat. */
    private final class KeyedInsertion implements Answers.Request<RunInsertResult> {
        private final ProjectId project;
        private final NewRun run;
        private final boolean foreign;

        KeyedInsertion(ProjectId project, NewRun run, boolean foreign) {
            this.project = project;
            this.run = run;
            this.foreign = foreign;
        }

        @Override
        public Answers.Kind kind() {
            return Answers.Kind.RUN;
        }

        @Override
        public RunInsertResult effect(Session session, Instant now) throws SQLException {
            return foreign
                    ? session.refuse(new RunInsertResult.TaskNotFound())
                    : insertions.insert(session, project, run, now);
        }

        @Override
        public Optional<byte[]> payload(RunInsertResult answer) {
            return Optional.of(Snapshot.pack(((RunInsertResult.Inserted) answer).task()));
        }

        @Override
        public RunInsertResult repeated(Session session, Answers.First first) {
            return new RunInsertResult.Replayed(answer(project, first));
        }

        @Override
        public RunInsertResult conflict() {
            return new RunInsertResult.KeyConflict();
        }
    }

    /** A change that its client may repeat. */
    private final class KeyedChange implements Answers.Request<RunUpdateResult> {
        private final ProjectId project;
        private final RunChange change;
        private Optional<TaskWithLatestRun> answer = Optional.empty();

        KeyedChange(ProjectId project, RunChange change) {
            this.project = project;
            this.change = change;
        }

        @Override
        public Answers.Kind kind() {
            return Answers.Kind.RUN;
        }

        @Override
        public RunUpdateResult effect(Session session, Instant now) throws SQLException {
            RunUpdateResult advance = changes.make(session, project, change);
            if (advance instanceof RunUpdateResult.Updated) {
                answer =
                        session.call(taskWithRun)
                                .project(project)
                                .id(change.after().task().value())
                                .one(row -> TaskColumns.readWithRun(project, row));
            }
            return advance;
        }

        @Override
        public Optional<byte[]> payload(RunUpdateResult advance) {
            return answer.map(Snapshot::pack);
        }

        @Override
        public RunUpdateResult repeated(Session session, Answers.First first) {
            return new RunUpdateResult.Replayed(answer(project, first));
        }

        @Override
        public RunUpdateResult conflict() {
            return new RunUpdateResult.KeyConflict();
        }
    }
}
