package dev.errand.benchmarks.durable;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The statements of one thread of the baseline. Not thread-safe. */
final class BaselineLifecycle {

    /**
     * Task numbers that no other thread of this process uses; the baseline does not allocate them
     * in the database.
     */
    private static final long NUMBERS_OF_A_THREAD = 1L << 32;

    private static final String STATE = "{\"mode\":\"background\"}";

    private static final String CREATE =
            """
            with t as (
                insert into by_hand.errand_task (project_id, id, task_number, version, title,
                    title_manually_set, description, origin_product, repository, internal,
                    search_text, created_by, created_at, updated_at)
                values (7, ?, ?, 1, ?, true, ?, 'user_created', ?, false, ?, ?, ?, ?)),
            r as (
                insert into by_hand.errand_run (project_id, id, task_id, task_created_at,
                    created_at, version, status, environment, state, attempt, latest, updated_at)
                values (7, ?, ?, ?, ?, 1, 'queued', 'cloud', ?, 1, true, ?))
            insert into by_hand.errand_queue (project_id, run_id, task_id, phase, failures,
                priority, queued_at, due_at, lease_token)
            values (7, ?, ?, 'waiting', 0, 0, ?, ?, 4294967296)""";

    private static final String CREATE_BATCH =
            """
            with n as materialized (
                select * from unnest(cast(? as uuid[]), cast(? as bigint[]), cast(? as text[]),
                    cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as bigint[]),
                    cast(? as uuid[]), cast(? as timestamptz[])) as n (id, number, title,
                    description, repository, search, creator, run, at)),
            t as (
                insert into by_hand.errand_task (project_id, id, task_number, version, title,
                    title_manually_set, description, origin_product, repository, internal,
                    search_text, created_by, created_at, updated_at)
                select 7, id, number, 1, title, true, description, 'user_created', repository,
                    false, search, creator, at, at from n),
            r as (
                insert into by_hand.errand_run (project_id, id, task_id, task_created_at,
                    created_at, version, status, environment, state, attempt, latest, updated_at)
                select 7, run, id, at, at, 1, 'queued', 'cloud', '{"mode":"background"}', 1, true,
                    at from n)
            insert into by_hand.errand_queue (project_id, run_id, task_id, phase, failures,
                priority, queued_at, due_at, lease_token)
            select 7, run, id, 'waiting', 0, 0, at, at, 4294967296 from n""";

    private static final String CLAIM =
            """
            with leased as (
                update by_hand.errand_queue q
                set lease_owner = ?, lease_token = q.lease_token + 1, lease_until = ?
                where q.project_id = 7 and q.run_id = any(array(
                    select run_id from by_hand.errand_queue
                    where project_id = 7 and due_at <= ? and lease_until is null
                    order by priority desc, due_at, run_id limit %d for update skip locked))
                returning q.*)
            select r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at,
                l.phase, l.failures, l.queued_at, l.due_at, l.handle, l.last_failure,
                l.stop_reason, l.priority, l.lease_token
            from leased l
            join by_hand.errand_run r on r.project_id = 7 and r.id = l.run_id""";

    private static final String COMPLETE =
            """
            with settled as (
                delete from by_hand.errand_queue
                where project_id = 7 and run_id = ? and lease_token = ?
                returning run_id)
            update by_hand.errand_run r set
                version = r.version + 1, status = 'completed', end_reason = 'reported',
                updated_at = ?, completed_at = ?
            from settled
            where r.project_id = 7 and r.id = settled.run_id and r.status = 'queued'""";

    private static final String COMPLETE_BATCH =
            """
            with settled as (
                delete from by_hand.errand_queue q
                using unnest(cast(? as uuid[]), cast(? as bigint[])) as c (id, token)
                where q.project_id = 7 and q.run_id = c.id and q.lease_token = c.token
                returning q.run_id)
            update by_hand.errand_run r set
                version = r.version + 1, status = 'completed', end_reason = 'reported',
                updated_at = ?, completed_at = ?
            from settled
            where r.project_id = 7 and r.id = settled.run_id and r.status = 'queued'""";

    private static final String COMPLETE_BATCH_AND_CLAIM =
            """
            with settled as (
                delete from by_hand.errand_queue q
                using unnest(cast(? as uuid[]), cast(? as bigint[])) as c (id, token)
                where q.project_id = 7 and q.run_id = c.id and q.lease_token = c.token
                returning q.run_id),
            completed as (
                update by_hand.errand_run r set
                    version = r.version + 1, status = 'completed', end_reason = 'reported',
                    updated_at = ?, completed_at = ?
                from settled
                where r.project_id = 7 and r.id = settled.run_id and r.status = 'queued'),
            leased as (
                update by_hand.errand_queue q
                set lease_owner = ?, lease_token = q.lease_token + 1, lease_until = ?
                where q.project_id = 7 and q.run_id = any(array(
                    select run_id from by_hand.errand_queue
                    where project_id = 7 and due_at <= ? and lease_until is null
                    order by priority desc, due_at, run_id limit ? for update skip locked))
                returning q.*)
            select r.id, r.task_id, r.version, r.status, r.environment, r.stage, r.branch,
                r.error_message, r.output, r.state, r.artifacts, r.attempt, r.end_reason,
                r.created_at, r.updated_at, r.completed_at,
                l.phase, l.failures, l.queued_at, l.due_at, l.handle, l.last_failure,
                l.stop_reason, l.priority, l.lease_token
            from leased l
            join by_hand.errand_run r on r.project_id = 7 and r.id = l.run_id""";

    private final Connection connection;
    private final PreparedStatement create;
    private final PreparedStatement createBatch;
    private final PreparedStatement claim;
    private final PreparedStatement claimBatch;
    private final PreparedStatement complete;
    private final PreparedStatement completeBatch;
    private final PreparedStatement completeBatchAndClaim;
    private long nextNumber;

    BaselineLifecycle(Connection connection, int thread) throws SQLException {
        this.connection = connection;
        create = connection.prepareStatement(CREATE);
        createBatch = connection.prepareStatement(CREATE_BATCH);
        claim = connection.prepareStatement(CLAIM.formatted(1));
        claimBatch = connection.prepareStatement(CLAIM.formatted(SampleWork.BATCH));
        complete = connection.prepareStatement(COMPLETE);
        completeBatch = connection.prepareStatement(COMPLETE_BATCH);
        completeBatchAndClaim = connection.prepareStatement(COMPLETE_BATCH_AND_CLAIM);
        nextNumber = (thread + 1) * NUMBERS_OF_A_THREAD;
    }

    /** A claimed run, whose other columns were read and discarded. */
    record Claimed(UUID id, long token) {}

    void create() throws SQLException {
        SampleWork.Unit unit = SampleWork.of((int) nextNumber);
        OffsetDateTime now = now();
        UUID task = newId(now);
        UUID run = newId(now);
        PreparedStatement s = create;
        s.setObject(1, task);
        s.setLong(2, nextNumber++);
        s.setString(3, unit.title());
        s.setString(4, unit.description());
        s.setString(5, unit.repository());
        s.setString(6, searchText(unit));
        s.setLong(7, unit.creator());
        s.setObject(8, now);
        s.setObject(9, now);
        s.setObject(10, run);
        s.setObject(11, task);
        s.setObject(12, now);
        s.setObject(13, now);
        s.setString(14, STATE);
        s.setObject(15, now);
        s.setObject(16, run);
        s.setObject(17, task);
        s.setObject(18, now);
        s.setObject(19, now);
        s.executeUpdate();
    }

    void createBatch() throws SQLException {
        OffsetDateTime now = now();
        UUID[] tasks = new UUID[SampleWork.BATCH];
        Long[] numbers = new Long[SampleWork.BATCH];
        String[] titles = new String[SampleWork.BATCH];
        String[] descriptions = new String[SampleWork.BATCH];
        String[] repositories = new String[SampleWork.BATCH];
        String[] searched = new String[SampleWork.BATCH];
        Long[] creators = new Long[SampleWork.BATCH];
        UUID[] runs = new UUID[SampleWork.BATCH];
        OffsetDateTime[] times = new OffsetDateTime[SampleWork.BATCH];
        for (int i = 0; i < SampleWork.BATCH; i++) {
            SampleWork.Unit unit = SampleWork.of((int) nextNumber);
            tasks[i] = newId(now);
            numbers[i] = nextNumber++;
            titles[i] = unit.title();
            descriptions[i] = unit.description();
            repositories[i] = unit.repository();
            searched[i] = searchText(unit);
            creators[i] = unit.creator();
            runs[i] = newId(now);
            times[i] = now;
        }
        PreparedStatement s = createBatch;
        s.setArray(1, array("uuid", tasks));
        s.setArray(2, array("bigint", numbers));
        s.setArray(3, array("text", titles));
        s.setArray(4, array("text", descriptions));
        s.setArray(5, array("text", repositories));
        s.setArray(6, array("text", searched));
        s.setArray(7, array("bigint", creators));
        s.setArray(8, array("uuid", runs));
        s.setArray(9, array("timestamptz", times));
        s.executeUpdate();
    }

    Claimed claim() throws SQLException {
        while (true) {
            bindClaim(claim, 0);
            List<Claimed> claimed = read(claim);
            if (!claimed.isEmpty()) {
                return claimed.get(0);
            }
        }
    }

    List<Claimed> claimBatch() throws SQLException {
        while (true) {
            bindClaim(claimBatch, 0);
            List<Claimed> claimed = read(claimBatch);
            if (!claimed.isEmpty()) {
                return claimed;
            }
        }
    }

    void complete(Claimed claimed) throws SQLException {
        bindComplete(complete, claimed);
        if (complete.executeUpdate() != 1) {
            throw new IllegalStateException("the claimed run was not completed");
        }
    }

    int completeBatch(List<Claimed> claimed) throws SQLException {
        bindCompleteBatch(completeBatch, claimed);
        return completeBatch.executeUpdate();
    }

    /** Completes some runs and claims up to {@code max} others in one statement. */
    List<Claimed> completeBatchAndClaim(List<Claimed> claimed, int max) throws SQLException {
        bindCompleteBatch(completeBatchAndClaim, claimed);
        bindClaim(completeBatchAndClaim, 4);
        completeBatchAndClaim.setInt(8, max);
        return read(completeBatchAndClaim);
    }

    private void bindCompleteBatch(PreparedStatement statement, List<Claimed> claimed)
            throws SQLException {
        OffsetDateTime now = now();
        statement.setArray(
                1, array("uuid", claimed.stream().map(Claimed::id).toArray(UUID[]::new)));
        statement.setArray(
                2, array("bigint", claimed.stream().map(Claimed::token).toArray(Long[]::new)));
        statement.setObject(3, now);
        statement.setObject(4, now);
    }

    private static void bindComplete(PreparedStatement statement, Claimed claimed)
            throws SQLException {
        OffsetDateTime now = now();
        statement.setObject(1, claimed.id());
        statement.setLong(2, claimed.token());
        statement.setObject(3, now);
        statement.setObject(4, now);
    }

    private static void bindClaim(PreparedStatement statement, int before) throws SQLException {
        OffsetDateTime now = now();
        statement.setString(before + 1, SampleWork.OWNER);
        statement.setObject(before + 2, now.plus(SampleWork.LEASE));
        statement.setObject(before + 3, now);
    }

    private static List<Claimed> read(PreparedStatement statement) throws SQLException {
        try (ResultSet results = statement.executeQuery()) {
            List<Claimed> claimed = new ArrayList<>();
            while (results.next()) {
                claimed.add(
                        new Claimed(
                                results.getObject(1, UUID.class), results.getLong("lease_token")));
            }
            return claimed;
        }
    }

    private Array array(String type, Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }

    private static OffsetDateTime now() {
        return Instant.now().atOffset(ZoneOffset.UTC);
    }

    private static String searchText(SampleWork.Unit unit) {
        return unit.title().toLowerCase(Locale.ROOT)
                + 'A'
                + unit.description().toLowerCase(Locale.ROOT);
    }

    /** Increases with time, as Errand's ids do, so that indexes grow at one end on both sides. */
    private static UUID newId(OffsetDateTime now) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long time = now.toInstant().toEpochMilli() << 16;
        return new UUID(
                time | 0x7000 | random.nextInt(0x1000),
                random.nextLong() >>> 2 | 0x8000_0000_0000_0000L);
    }
}
