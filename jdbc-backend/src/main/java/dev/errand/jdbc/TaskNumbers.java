package dev.errand.jdbc;

import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Allocates the numbers of new tasks (docs/wire/tasks.md#a8) from one counter row per project.
 *
 * <p>If the inserting transaction updated the counter, it would lock the row until its commit is on
 * disk, which halves the insert rate of a busy project. On PostgreSQL the number is therefore
 * allocated in a separate transaction that does not wait for the disk. The insert follows as the
 * next transaction in the same round trip: {@link #ALLOCATE_AHEAD} precedes it and passes the
 * number in a session setting. Requests with an idempotency key and H2 allocate the number in the
 * inserting transaction.
 *
 * <p>In a transaction of the host, the number is allocated in a separate transaction on another
 * connection ({@link Database#outsideHostTransaction}): the counter row would otherwise be locked
 * until the host commits, other inserts into the project would wait, and two hosts that insert into
 * two projects in opposite order would deadlock. A number is lost if the host rolls back. Numbers
 * then follow the order of the calls, not that of the commits.
 *
 * <p>This is safe because the commit of the counter precedes the insert in the write-ahead log. An
 * insert is acknowledged when the log is on disk up to its own commit, which includes that of its
 * number, and a crash leaves a prefix of the log. So the number of an acknowledged task is never
 * allocated again, and later numbers are greater. A number that is lost in a crash belongs to no
 * task, because the connection that knew it is lost as well. A gap remains only if an insert fails
 * or the host rolls back. The test {@code KillTheDatabase} verifies this over 50 crashes: every
 * acknowledged task has its number, no number occurs twice, and a task has a greater number than
 * every task acknowledged before its request, before or after the crash.
 */
final class TaskNumbers {

    /**
     * Allocates numbers and commits. The parameters are the count, the project, the count, and
     * twice a text that is unique to this insert. The setting starts with that text: a driver in
     * simple query mode continues after a failure, and would otherwise use the setting of the
     * previous insert.
     */
    static final String ALLOCATE_AHEAD =
            """
            with taken as (
                update errand_project set next_task_number = next_task_number + ?
                where project_id = ?
                returning next_task_number - ? as first_number)
            select set_config('synchronous_commit', 'off', true),
                set_config(
                    'errand.first_number',
                    cast(? as text) || ' '
                        || coalesce((select cast(first_number as text) from taken), ''),
                    false);
            commit;
            """;

    /** The number of statements in {@link #ALLOCATE_AHEAD}. */
    static final int ALLOCATION_STATEMENTS = 2;

    /** Allocates numbers in autocommit mode. The parameters are the count and the project. */
    private static final String ALLOCATE_WITHOUT_WAITING_FOR_DISK =
            """
            with taken as (
                update errand_project set next_task_number = next_task_number + ?
                where project_id = ?
                returning next_task_number)
            select next_task_number, set_config('synchronous_commit', 'off', true)
            from taken""";

    private static final String ALLOCATE =
            """
            update errand_project set next_task_number = next_task_number + ?
            where project_id = ?
            returning next_task_number""";

    private static final String ALLOCATE_H2 =
            """
            select next_task_number
            from final table (
                update errand_project set next_task_number = next_task_number + ?
                where project_id = ?)""";

    private static final String CREATE_COUNTER =
            """
            insert into errand_project (project_id, next_task_number) values (?, 0)
            on conflict (project_id) do nothing""";

    private static final String CREATE_COUNTER_H2 =
            """
            insert into errand_project (project_id, next_task_number) values (?, 0)""";

    private static final int MAX_ATTEMPTS = 3;

    private final Database database;
    private final Dialect dialect;

    TaskNumbers(Database database) {
        this.database = database;
        this.dialect = database.dialect();
    }

    /** Returns whether numbers are allocated by {@link #ALLOCATE_AHEAD}. */
    boolean allocatesAhead() {
        return dialect == Dialect.POSTGRESQL && !database.isInHostTransaction();
    }

    /**
     * Allocates consecutive numbers and returns the first. In a transaction of the host they are
     * allocated in a separate transaction, otherwise in the current one, and are then available
     * again if it is rolled back.
     */
    long allocate(SqlSession session, ProjectId project, int count) throws SQLException {
        return database.isInHostTransaction()
                ? database.outsideHostTransaction(
                        separate ->
                                allocate(
                                        separate,
                                        dialect.choose(
                                                ALLOCATE_WITHOUT_WAITING_FOR_DISK, ALLOCATE_H2),
                                        project,
                                        count))
                : allocate(session, dialect.choose(ALLOCATE, ALLOCATE_H2), project, count);
    }

    private long allocate(SqlSession session, String statement, ProjectId project, int count)
            throws SQLException {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Optional<Long> end =
                    session.statement(statement)
                            .number(count)
                            .project(project)
                            .findOne(row -> row.number("next_task_number"));
            if (end.isPresent()) {
                return end.get() - count;
            }
            createCounter(session, project);
        }
        throw PortException.retryable(
                "TaskStore",
                "the task counter of project "
                        + project
                        + " is not visible to this transaction;"
                        + " retry in a new transaction");
    }

    /** Creates the counter of the project unless it exists. */
    void createCounter(SqlSession session, ProjectId project) throws SQLException {
        SqlSession.insertIfAbsent(
                session.statement(dialect.choose(CREATE_COUNTER, CREATE_COUNTER_H2))
                        .project(project));
    }
}
