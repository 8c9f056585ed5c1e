package dev.errand.jdbc;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The first answers to requests with a key (contract J29), each written in the transaction of its
 * effect and kept for exactly {@link Idempotency#KEPT_FOR}.
 *
 * <p>The key is inserted before the effect, so of two requests with one key the second waits at the
 * unique key for the end of the first, and then repeats its answer.
 */
final class IdempotencyTable {

    /** What was answered; a key of one kind is in conflict with a request of another. */
    enum Kind {
        TASK,
        RUN,
        LOG
    }

    /** A first answer; the payload is there for the kinds that have one. */
    record StoredAnswer(Kind kind, String requestHash, Optional<byte[]> payload) {
        boolean matches(Kind asked, Idempotency request) {
            return kind == asked && requestHash.equals(request.requestHash());
        }
    }

    /** What a request with a key does, and how it is answered when it is repeated. */
    interface KeyedOperation<A> {
        Kind kind();

        /** Makes the effect, or refuses the step. */
        A perform(SqlSession session, Instant now) throws SQLException;

        /** What is kept of the answer. */
        Optional<byte[]> payload(A answer);

        A replay(SqlSession session, StoredAnswer first) throws SQLException;

        A conflict();
    }

    private static final Map<String, Kind> KINDS = EnumText.index(Kind.values());

    /** Every so many new keys, some that are past their time are deleted. */
    private static final int KEYS_PER_CLEANUP = 16;

    /** How many at most; more than come in between. */
    private static final int MAX_DELETED_PER_CLEANUP = 64;

    private final Database database;
    private final Clock clock;
    private final AtomicInteger newKeys = new AtomicInteger();
    private final String insert;
    private final String storeAnswer;
    private final String find;
    private final String deleteExpiredKey;
    private final String deleteExpired;

    IdempotencyTable(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        Dialect dialect = database.dialect();
        insert =
                database.sql(
                        dialect.insertIfAbsent(
                                """
                                insert into errand_answer
                                    (project_id, key_hash, kind, request_hash, kept_until)
                                values (?, ?, ?, ?, ?)""",
                                "project_id, key_hash"));
        storeAnswer =
                database.sql(
                        "update errand_answer set answer = ? where project_id = ? and key_hash = ?");
        find =
                database.sql(
                        """
                        select kind, request_hash, answer from errand_answer
                        where project_id = ? and key_hash = ? and kept_until > ?""");
        deleteExpiredKey =
                database.sql(
                        """
                        delete from errand_answer
                        where project_id = ? and key_hash = ? and kept_until <= ?""");
        deleteExpired =
                database.sql(
                        """
                        delete from errand_answer where (project_id, key_hash) in (
                            select project_id, key_hash from errand_answer
                            where kept_until <= ? order by kept_until limit ?%s)"""
                                .formatted(dialect.skipLocked()));
    }

    /** Makes the effect unless it was made before under this key, and answers either way. */
    <A> A execute(String port, ProjectId project, Idempotency key, KeyedOperation<A> operation) {
        byte[] hash = hash(key);
        Instant now = clock.instant();
        return database.inTransaction(
                port,
                session -> {
                    Optional<StoredAnswer> first =
                            claim(session, project, key, hash, operation.kind(), now);
                    if (first.isPresent()) {
                        return first.get().matches(operation.kind(), key)
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
     * The first answer under a key, if it was used and is not forgotten. To repeat it is to promise
     * what it says, so this waits, as a writing step does, until it is stored.
     */
    Optional<StoredAnswer> find(String port, ProjectId project, Idempotency key) {
        Instant now = clock.instant();
        return database.execute(port, session -> find(session, project, hash(key), now));
    }

    private Optional<StoredAnswer> claim(
            SqlSession session,
            ProjectId project,
            Idempotency key,
            byte[] hash,
            Kind kind,
            Instant now)
            throws SQLException {
        while (true) {
            boolean inserted =
                    SqlSession.insertIfAbsent(
                            session.statement(insert)
                                    .project(project)
                                    .bytes(hash)
                                    .text(EnumText.of(kind))
                                    .text(key.requestHash())
                                    .time(now.plus(Idempotency.KEPT_FOR)));
            if (inserted) {
                deleteExpiredPeriodically(session, now);
                return Optional.empty();
            }
            Optional<StoredAnswer> first = find(session, project, hash, now);
            if (first.isPresent()) {
                return first;
            }
            session.statement(deleteExpiredKey).project(project).bytes(hash).time(now).updateOne();
        }
    }

    private Optional<StoredAnswer> find(
            SqlSession session, ProjectId project, byte[] hash, Instant now) throws SQLException {
        return session.statement(find)
                .project(project)
                .bytes(hash)
                .time(now)
                .findOne(
                        row ->
                                new StoredAnswer(
                                        EnumText.parse(row.text(), KINDS),
                                        row.text(),
                                        row.optionalBytes()));
    }

    private void storeAnswer(
            SqlSession session, ProjectId project, byte[] hash, Optional<byte[]> payload)
            throws SQLException {
        if (payload.isPresent()) {
            session.statement(storeAnswer).bytes(payload).project(project).bytes(hash).updateOne();
        }
    }

    private void deleteExpiredPeriodically(SqlSession session, Instant now) throws SQLException {
        if (newKeys.incrementAndGet() % KEYS_PER_CLEANUP == 0) {
            session.statement(deleteExpired).time(now).number(MAX_DELETED_PER_CLEANUP).update();
        }
    }

    /** A digest of what makes a key, for the parts may be longer than an index takes. */
    private static byte[] hash(Idempotency key) {
        BinaryWriter packer =
                new BinaryWriter(1).text(key.caller()).text(key.operation()).text(key.key());
        return sha256(packer.toBytes());
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
