package dev.errand.jdbc;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.errand.spi.Idempotency;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.StoredResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The stored answers of requests with an idempotency key (docs/wire/idempotency-and-limits.md#j29).
 * An answer is written in the transaction of the request's effect and kept for {@link
 * Idempotency#KEPT_FOR}.
 *
 * <p>The key is inserted before the effect takes place. Of two concurrent requests with one key,
 * the second waits at the unique key until the first transaction ends, and then replays its answer.
 */
final class IdempotencyTable {

    /**
     * A stored answer.
     *
     * @param payload the JSON of the task that was returned; empty if the answer is not stored
     */
    record StoredAnswer(String requestHash, Optional<String> payload) {

        /** Returns the task of the answer. */
        TaskWithLatestRun task(ProjectId project) throws SQLException {
            return TaskColumns.readJson(project, payload.orElseThrow());
        }

        /**
         * Returns whether this is the answer to the same request.
         *
         * @param storesAnswer whether the request has an answer that is stored
         */
        boolean isReplayedBy(Idempotency request, boolean storesAnswer) {
            return payload.isPresent() == storesAnswer && requestHash.equals(request.requestHash());
        }
    }

    /** An operation with an idempotency key. */
    interface KeyedOperation<A> {
        /** Returns whether the answer is a task with its latest run, which is stored. */
        default boolean storesAnswer() {
            return true;
        }

        /** Returns the task of the answer, if it is stored. */
        Optional<TaskId> task();

        /**
         * Performs the operation for the first time, or marks the transaction for rollback if it is
         * refused.
         */
        A perform(SqlSession session, Instant now) throws SQLException;

        /** Returns the task to store for replays, if the answer is stored. */
        Optional<TaskWithLatestRun> payload(A answer);

        A replay(SqlSession session, StoredAnswer first) throws SQLException;

        A conflict();
    }

    private static final int MAX_ATTEMPTS = 3;

    /** Expired keys are deleted after this many new keys. */
    private static final int KEYS_PER_CLEANUP = 16;

    /** The most keys deleted at once; more than are added in between. */
    private static final int MAX_DELETED_PER_CLEANUP = 64;

    private static final String INSERT =
            """
            insert into errand_idempotency (
                project_id, key_hash, request_hash, kept_until, task_id)
            values (?, ?, ?, ?, ?)
            on conflict (project_id, key_hash) do nothing""";

    private static final String INSERT_H2 =
            """
            insert into errand_idempotency (
                project_id, key_hash, request_hash, kept_until, task_id)
            values (?, ?, ?, ?, ?)""";

    private static final String STORE_ANSWER =
            """
            update errand_idempotency set answer = cast(? as jsonb)
            where project_id = ? and key_hash = ?""";

    private static final String FIND =
            """
            select request_hash, answer from errand_idempotency
            where project_id = ? and key_hash = ? and kept_until > ?""";

    private static final String DELETE_EXPIRED_KEY =
            """
            delete from errand_idempotency
            where project_id = ? and key_hash = ? and kept_until <= ?""";

    private static final String DELETE_EXPIRED =
            """
            delete from errand_idempotency where (project_id, key_hash) in (
                select project_id, key_hash from errand_idempotency
                where kept_until <= ? order by kept_until limit ?
                for update skip locked)""";

    private static final String DELETE_EXPIRED_H2 =
            """
            delete from errand_idempotency where (project_id, key_hash) in (
                select project_id, key_hash from errand_idempotency
                where kept_until <= ? order by kept_until limit ?)""";

    private final Database database;
    private final Dialect dialect;
    private final Clock clock;
    private final AtomicInteger newKeys = new AtomicInteger();

    IdempotencyTable(Database database, Clock clock) {
        this.database = database;
        this.dialect = database.dialect();
        this.clock = clock;
    }

    /** Performs the operation, or replays its stored answer if the key was used before. */
    <A> A execute(String port, ProjectId project, Idempotency key, KeyedOperation<A> operation) {
        byte[] hash = hash(key);
        Instant now = clock.instant();
        return database.inTransaction(
                port,
                session -> {
                    Optional<StoredAnswer> first =
                            claim(port, session, project, key, hash, operation, now);
                    if (first.isPresent()) {
                        return first.get().isReplayedBy(key, operation.storesAnswer())
                                ? operation.replay(session, first.get())
                                : operation.conflict();
                    }
                    A answer = operation.perform(session, now);
                    if (!session.isRollbackOnly()) {
                        storeAnswer(session, project, hash, operation.payload(answer));
                    }
                    return answer;
                });
    }

    /**
     * Returns the result of a repeated request whose key has not expired. This runs as a write,
     * because on H2 it must not return an answer whose commit has not been stored yet.
     */
    Optional<StoredResult> findResult(String port, ProjectId project, Idempotency key) {
        Instant now = clock.instant();
        return database.execute(
                port,
                session -> {
                    Optional<StoredAnswer> first = find(session, project, hash(key), now);
                    if (first.isEmpty()) {
                        return Optional.empty();
                    }
                    return Optional.of(
                            first.get().isReplayedBy(key, true)
                                    ? new StoredResult.Replayed(first.get().task(project))
                                    : new StoredResult.KeyConflict());
                });
    }

    private Optional<StoredAnswer> claim(
            String port,
            SqlSession session,
            ProjectId project,
            Idempotency key,
            byte[] hash,
            KeyedOperation<?> operation,
            Instant now)
            throws SQLException {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            boolean inserted =
                    SqlSession.insertIfAbsent(
                            session.statement(dialect.choose(INSERT, INSERT_H2))
                                    .project(project)
                                    .bytes(hash)
                                    .text(key.requestHash())
                                    .time(now.plus(Idempotency.KEPT_FOR))
                                    .id(operation.task().map(TaskId::value)));
            if (inserted) {
                eraseExpiredPeriodically(session, now);
                return Optional.empty();
            }
            Optional<StoredAnswer> first = find(session, project, hash, now);
            if (first.isPresent()) {
                return first;
            }
            session.statement(DELETE_EXPIRED_KEY)
                    .project(project)
                    .bytes(hash)
                    .time(now)
                    .updateOne();
        }
        throw PortException.retryable(
                port,
                "the idempotency key could not be claimed in "
                        + MAX_ATTEMPTS
                        + " attempts, because"
                        + " concurrent transactions use it; retry in a new transaction");
    }

    private Optional<StoredAnswer> find(
            SqlSession session, ProjectId project, byte[] hash, Instant now) throws SQLException {
        return session.statement(FIND)
                .project(project)
                .bytes(hash)
                .time(now)
                .findOne(
                        row ->
                                new StoredAnswer(
                                        row.text("request_hash"), row.optionalText("answer")));
    }

    private void storeAnswer(
            SqlSession session, ProjectId project, byte[] hash, Optional<TaskWithLatestRun> payload)
            throws SQLException {
        if (payload.isPresent()) {
            session.statement(STORE_ANSWER)
                    .text(TaskColumns.toJson(payload.get()))
                    .project(project)
                    .bytes(hash)
                    .updateOne();
        }
    }

    private void eraseExpiredPeriodically(SqlSession session, Instant now) throws SQLException {
        if (newKeys.incrementAndGet() % KEYS_PER_CLEANUP == 0) {
            session.statement(dialect.choose(DELETE_EXPIRED, DELETE_EXPIRED_H2))
                    .time(now)
                    .number(MAX_DELETED_PER_CLEANUP)
                    .update();
        }
    }

    /** Returns a digest of the key, whose parts may be longer than an index allows. */
    private static byte[] hash(Idempotency key) {
        return sha256(
                JsonNodeFactory.instance
                        .arrayNode()
                        .add(key.caller())
                        .add(key.operation())
                        .add(key.key())
                        .toString());
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
