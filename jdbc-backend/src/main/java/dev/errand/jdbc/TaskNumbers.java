package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The numbers of new tasks (contract A8), from one counter row a project.
 *
 * <p>A counter that is changed by the inserting transaction keeps its lock until that transaction
 * is on disk, and halves what a busy project can insert. So on PostgreSQL the number is taken in a
 * transaction of its own, which does not wait for the disk, and the insert is the next one, in the
 * same round trip: {@link #ALLOCATE_AHEAD} goes before it, and the setting that it leaves tells the
 * number. Requests with a key, transactions of the host and H2 take the number within the
 * transaction that inserts.
 *
 * <p>That is safe, for the counter's commit stands in the write-ahead log before the insert begins.
 * An insert is acknowledged when the log is on disk up to its own commit, hence with that of its
 * number; and what a crash leaves is a prefix of the log. So no number of an acknowledged task
 * comes back, and one that is taken after it is greater. A number that is lost in a crash is given
 * to no task, for the connection that knew it is lost too. A gap stays only where an insert failed.
 * {@code KillTheDatabase}, among the tests, holds this against 50 crashes: every acknowledged task
 * has its number, no number is there twice, and a task has a greater one than any that was
 * acknowledged before it was asked for, before the crash or after.
 */
final class TaskNumbers {

    /**
     * Takes numbers and commits that; the parameters are how many, the project, how many, and a
     * text that no other insert has. The setting begins with that text, for a driver in simple mode
     * goes on after a failure, and finds what the insert before had left.
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

    /** How many statements {@link #ALLOCATE_AHEAD} has. */
    static final int ALLOCATION_STATEMENTS = 2;

    /** The first of the numbers that were taken under this text; no row if none were. */
    static final String ALLOCATED =
            """
            select cast(nullif(split_part(setting, ' ', 2), '') as bigint) as first_number
            from (select current_setting('errand.first_number', true) as setting) s
            where split_part(setting, ' ', 1) = ? and split_part(setting, ' ', 2) <> ''""";

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

    /** Whether the next numbers may be taken in a transaction of their own. */
    boolean allocatesAhead() {
        return allocatesAhead;
    }

    /** The first of the project's next numbers, given back if the transaction is undone. */
    long allocate(SqlSession session, ProjectId project, int count) throws SQLException {
        while (true) {
            Optional<Long> behind =
                    session.statement(allocate)
                            .number(count)
                            .project(project)
                            .findOne(ResultRow::number);
            if (behind.isPresent()) {
                return behind.get() - count;
            }
            createCounter(session, project);
        }
    }

    /** Gives the project its counter, unless it has one. */
    void createCounter(SqlSession session, ProjectId project) throws SQLException {
        SqlSession.insertIfAbsent(session.statement(createCounter).project(project));
    }
}
