package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.ConversationChange;
import dev.errand.spi.store.ConversationResult;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores the conversations of runs, one row each. Every change locks the row of the run first, as
 * do a change of its attempt and its erasure.
 */
final class JdbcConversationStore implements ConversationStore {

    private static final String PORT = "ConversationStore";

    private static final String LOCK_RUN =
            """
            select attempt from errand_run
            where project_id = ? and id = ? and task_id = ?
                and exists (
                    select 1 from errand_task t
                    where t.project_id = errand_run.project_id and t.id = errand_run.task_id
                        and t.deleted_at is null)
            for update""";

    private static final String FIND =
            """
            select c.id, c.sha256, c.size_in_bytes, c.storage_path
            from errand_conversation c
            join errand_run r on r.project_id = c.project_id and r.id = c.run_id
            join errand_task t on t.project_id = r.project_id and t.id = r.task_id
            where c.project_id = ? and c.run_id = ? and r.task_id = ? and t.deleted_at is null""";

    private static final String CREATE =
            """
            insert into errand_conversation (project_id, run_id, id) values (?, ?, ?)""";

    private static final String REPLACE =
            """
            update errand_conversation set sha256 = ?, size_in_bytes = ?, storage_path = ?
            where project_id = ? and run_id = ?""";

    private static final String CONSUME =
            """
            update errand_staging set consumed_by = ? where project_id = ? and id = ?""";

    private final Database database;
    private final Clock clock;

    JdbcConversationStore(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Optional<Conversation> find(ProjectId project, TaskId task, RunId run) {
        return database.read(PORT, session -> find(session, project, task, run));
    }

    @Override
    public Optional<Conversation> getOrCreate(
            ProjectId project, TaskId task, RunId run, UUID newId) {
        return database.inTransaction(
                PORT,
                session -> {
                    if (lockRun(session, project, task, run).isEmpty()) {
                        return Optional.empty();
                    }
                    Optional<Conversation> found = find(session, project, task, run);
                    if (found.isPresent()) {
                        return found;
                    }
                    session.statement(CREATE).project(project).id(run.value()).id(newId).update();
                    return Optional.of(new Conversation(newId, Optional.empty()));
                });
    }

    @Override
    public ConversationResult replace(ProjectId project, ConversationChange change) {
        Instant now = clock.instant();
        return database.inTransaction(PORT, session -> replace(session, project, change, now));
    }

    private ConversationResult replace(
            SqlSession session, ProjectId project, ConversationChange change, Instant now)
            throws SQLException {
        SandboxId writer = change.writer();
        Optional<Long> attempt = lockRun(session, project, writer.task(), writer.run());
        Optional<Conversation> found = find(session, project, writer.task(), writer.run());
        if (attempt.isEmpty() || found.isEmpty()) {
            return new ConversationResult.NotFound();
        }
        Conversation before = found.get();
        if (attempt.get() != writer.attempt()) {
            return new ConversationResult.NotCurrentSandbox();
        }
        if (before.sha256().equals(Optional.of(change.content().sha256()))) {
            return new ConversationResult.SameContent(before);
        }
        if (!before.sha256().equals(change.expectedSha256())) {
            return new ConversationResult.Stale(before);
        }
        session.statement(REPLACE)
                .text(change.content().sha256())
                .number(change.content().sizeInBytes())
                .text(change.content().storagePath())
                .project(project)
                .id(writer.run().value())
                .update();
        session.statement(CONSUME)
                .id(writer.run().value())
                .project(project)
                .id(ArtifactColumns.uuid(change.reservation()))
                .update();
        if (before.content().isPresent()) {
            ObjectDeletions.add(
                    session,
                    database.dialect(),
                    project,
                    List.of(before.content().get().storagePath()),
                    now);
        }
        return new ConversationResult.Replaced(
                new Conversation(before.id(), Optional.of(change.content())));
    }

    /** Locks a run and returns its attempt. */
    private static Optional<Long> lockRun(
            SqlSession session, ProjectId project, TaskId task, RunId run) throws SQLException {
        return session.statement(LOCK_RUN)
                .project(project)
                .id(run.value())
                .id(task.value())
                .findOne(row -> row.number("attempt"));
    }

    private static Optional<Conversation> find(
            SqlSession session, ProjectId project, TaskId task, RunId run) throws SQLException {
        return session.statement(FIND)
                .project(project)
                .id(run.value())
                .id(task.value())
                .findOne(
                        row ->
                                new Conversation(
                                        row.id("id"),
                                        row.optionalText("storage_path").isEmpty()
                                                ? Optional.empty()
                                                : Optional.of(
                                                        new Conversation.Content(
                                                                row.text("sha256"),
                                                                row.number("size_in_bytes"),
                                                                row.text("storage_path")))));
    }
}
