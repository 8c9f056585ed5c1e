package dev.errand.jdbc;

import dev.errand.spi.BackendException;
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
 * number in a session setting. Requests with an idempotency key, host transactions and H2 allocate
 * the number in the inserting transaction.
 *
 * <p>This is safe because the commit of the counter precedes the insert in the write-ahead log. An
 * insert is acknowledged when the log is on disk up to its own commit, which includes that of its
 * number, and a crash leaves a prefix of the log. So the number of an acknowledged task is never
 * allocated again, and later numbers are greater. A number that is lost in a crash belongs to no
 * task, because the connection that knew it is lost as well. A gap remains only if an insert fails.
 * The test {@code KillTheDatabase} verifies this over 50 crashes: every acknowledged task has its
 * number, no number occurs twice, and a task has a greater number than every task acknowledged
 * before its request, before or after the crash.
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

    /** Selects the first number allocated with the given text; no row if none was. */
    static final String ALLOCATED =
            """
            select cast(nullif(split_part(setting, ' ', 2), '') as bigint) as first_number
            from (select current_setting('errand.first_number', true) as setting) s
            where split_part(setting, ' ', 1) = ? and split_part(setting, ' ', 2) <> ''""";

    private static final int MAX_ATTEMPTS = 3;

    private final boolean allocatesAhead;
    private final String allocate;
    private final String createCounter;

    TaskNumbers(Database database) {
        Dialect dialect = database.dialect();
        allocatesAhead = dialect == Dialect.POSTGRESQL && !database.joinsHostTransactions();
        allocate =
                database.sql(
                        dialect.returning(
                                """
                                update errand_project set next_task_number = next_task_number + ?
                                where project_id = ?""",
                                "next_task_number"));
        createCounter =
                database.sql(
                        dialect.insertIfAbsent(
                                """
                                insert into errand_project (project_id, next_task_number)
                                values (?, 0)""",
                                "project_id"));
    }

    /** Returns whether numbers are allocated in a separate transaction. */
    boolean allocatesAhead() {
        return allocatesAhead;
    }

    /**
     * Allocates consecutive numbers in the current transaction and returns the first. They are
     * available again if the transaction is rolled back.
     */
    long allocate(SqlSession session, ProjectId project, int count) throws SQLException {
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Optional<Long> end =
                    session.statement(allocate)
                            .number(count)
                            .project(project)
                            .findOne(row -> row.number("next_task_number"));
            if (end.isPresent()) {
                return end.get() - count;
            }
            createCounter(session, project);
        }
        throw BackendException.retryable(
                "TaskStore",
                "the task counter of project "
                        + project
                        + " is not visible to this transaction;"
                        + " retry in a new transaction");
    }

    /** Creates the counter of the project unless it exists. */
    void createCounter(SqlSession session, ProjectId project) throws SQLException {
        SqlSession.insertIfAbsent(session.statement(createCounter).project(project));
    }
}
