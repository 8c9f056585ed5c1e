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
final class Answers {

    /** What was answered; a key of one kind is in conflict with a request of another. */
    enum Kind {
        TASK,
        RUN,
        LOG
    }

    /** A first answer; the payload is there for the kinds that have one. */
    record First(Kind kind, String requestHash, Optional<byte[]> payload) {
        boolean isOf(Kind asked, Idempotency request) {
            return kind == asked && requestHash.equals(request.requestHash());
        }

        /** Whether the request is the one that was answered with a payload. */
        boolean isRepeatedBy(Idempotency request) {
            return payload.isPresent() && requestHash.equals(request.requestHash());
        }
    }

    /** What a request with a key does, and how it is answered when it is repeated. */
    interface Request<A> {
        Kind kind();

        /** Makes the effect, or refuses the step. */
        A effect(Session session, Instant now) throws SQLException;

        /** What is kept of the answer. */
        Optional<byte[]> payload(A answer);

        A repeated(Session session, First first) throws SQLException;

        A conflict();
    }

    private static final Map<String, Kind> KINDS = Stored.index(Kind.values());

    /** Every so many new keys, some that are past their time are deleted. */
    private static final int KEYS_PER_CLEANING = 16;

    /** How many at most; more than come in between. */
    private static final int DELETED_PER_CLEANING = 64;

    private final Database database;
    private final Clock clock;
    private final AtomicInteger newKeys = new AtomicInteger();
    private final String insert;
    private final String keep;
    private final String find;
    private final String forget;
    private final String clean;

    Answers(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
        Dialect dialect = database.dialect();
        insert =
                database.sql(
                        dialect.insertUnlessPresent(
                                """
                                insert into errand_answer
                                    (project_id, key_hash, kind, request_hash, kept_until)
                                values (?, ?, ?, ?, ?)""",
                                "project_id, key_hash"));
        keep =
                database.sql(
                        "update errand_answer set answer = ? where project_id = ? and key_hash = ?");
        find =
                database.sql(
                        """
                        select kind, request_hash, answer from errand_answer
                        where project_id = ? and key_hash = ? and kept_until > ?""");
        forget =
                database.sql(
                        """
                        delete from errand_answer
                        where project_id = ? and key_hash = ? and kept_until <= ?""");
        clean =
                database.sql(
                        """
                        delete from errand_answer where (project_id, key_hash) in (
                            select project_id, key_hash from errand_answer
                            where kept_until <= ? order by kept_until limit ?%s)"""
                                .formatted(dialect.skippingLocked()));
    }

    /** Makes the effect unless it was made before under this key, and answers either way. */
    <A> A once(String port, ProjectId project, Idempotency key, Request<A> request) {
        byte[] hash = hash(key);
        Instant now = clock.instant();
        return database.together(
                port,
                session -> {
                    Optional<First> first = claim(session, project, key, hash, request.kind(), now);
                    if (first.isPresent()) {
                        return first.get().isOf(request.kind(), key)
                                ? request.repeated(session, first.get())
                                : request.conflict();
                    }
                    A answer = request.effect(session, now);
                    if (!session.isRefused()) {
                        keep(session, project, hash, request.payload(answer));
                    }
                    return answer;
                });
    }

    /**
     * The first answer under a key, if it was used and is not forgotten. To repeat it is to promise
     * what it says, so this waits, as a writing step does, until it is stored.
     */
    Optional<First> find(String port, ProjectId project, Idempotency key) {
        Instant now = clock.instant();
        return database.once(port, session -> find(session, project, hash(key), now));
    }

    private Optional<First> claim(
            Session session,
            ProjectId project,
            Idempotency key,
            byte[] hash,
            Kind kind,
            Instant now)
            throws SQLException {
        while (true) {
            boolean inserted =
                    Session.insertUnlessPresent(
                            session.call(insert)
                                    .project(project)
                                    .bytes(hash)
                                    .text(Stored.of(kind))
                                    .text(key.requestHash())
                                    .time(now.plus(Idempotency.KEPT_FOR)));
            if (inserted) {
                cleanNowAndThen(session, now);
                return Optional.empty();
            }
            Optional<First> first = find(session, project, hash, now);
            if (first.isPresent()) {
                return first;
            }
            session.call(forget).project(project).bytes(hash).time(now).execute();
        }
    }

    private Optional<First> find(Session session, ProjectId project, byte[] hash, Instant now)
            throws SQLException {
        return session.call(find)
                .project(project)
                .bytes(hash)
                .time(now)
                .one(
                        row ->
                                new First(
                                        Stored.constant(row.text(), KINDS),
                                        row.text(),
                                        row.bytesOrNothing()));
    }

    private void keep(Session session, ProjectId project, byte[] hash, Optional<byte[]> payload)
            throws SQLException {
        if (payload.isPresent()) {
            session.call(keep).bytes(payload).project(project).bytes(hash).execute();
        }
    }

    private void cleanNowAndThen(Session session, Instant now) throws SQLException {
        if (newKeys.incrementAndGet() % KEYS_PER_CLEANING == 0) {
            session.call(clean).time(now).number(DELETED_PER_CLEANING).executeMany();
        }
    }

    /** A digest of what makes a key, for the parts may be longer than an index takes. */
    private static byte[] hash(Idempotency key) {
        Packer packer = new Packer(1).text(key.caller()).text(key.operation()).text(key.key());
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
