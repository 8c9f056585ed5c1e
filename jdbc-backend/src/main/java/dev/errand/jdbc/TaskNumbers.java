package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The numbers of new tasks (contract A8), from one counter row a project.
 *
 * <p>A counter that is changed by the inserting transaction keeps its lock until that transaction
 * is on disk, and halves what a busy project can insert. So where others insert at the same time on
 * PostgreSQL, the number is taken before, in a statement that does not wait for the disk, one for
 * all who want a number just then ({@link SharedNumbers}). Everything else (an insert that is alone
 * in its process, a request with a key, a transaction of the host, H2) takes the number within its
 * transaction.
 *
 * <p>That is safe, for the statement has committed, so that its commit stands in the write-ahead
 * log, before the insert begins, on whichever connection. An insert is acknowledged when the log is
 * on disk up to its own commit, hence with that of its number; and what a crash leaves is a prefix
 * of the log. So no number of an acknowledged task comes back, and one that is taken after it is
 * greater. Between the two a crash may take the number back, and another may get it: so the insert
 * looks whether the counter still knows that it was taken. A number that was lost in a crash was
 * given to no task, and a gap stays only where an insert failed. {@code KillTheDatabase}, among the
 * tests, holds this against 50 crashes: every acknowledged task has its number, no number is there
 * twice, and a task has a greater one than any that was acknowledged before it was asked for,
 * before the crash or after.
 */
final class TaskNumbers {

    private final boolean allocatesAhead;
    private final String ahead;
    private final String within;
    private final String begin;

    TaskNumbers(Database database) {
        Dialect dialect = database.dialect();
        allocatesAhead = dialect == Dialect.POSTGRESQL && !database.joinsHost();
        ahead =
                database.sql(
                        """
                        update errand_project set next_task_number = next_task_number + ?
                        where project_id = ?
                        returning next_task_number,
                            set_config('synchronous_commit', 'off', true)""");
        within =
                database.sql(
                        dialect.changed(
                                """
                                update errand_project set next_task_number = next_task_number + ?
                                where project_id = ?""",
                                "next_task_number"));
        begin =
                database.sql(
                        dialect.insertUnlessPresent(
                                """
                                insert into errand_project (project_id, next_task_number)
                                values (?, 0)""",
                                "project_id"));
    }

    /** Whether the next number may be taken in a step of its own. */
    boolean allocatesAhead() {
        return allocatesAhead;
    }

    /**
     * The first of the project's next numbers, in a step of its own; the project loses them if the
     * insert fails.
     */
    long nextAhead(Session session, ProjectId project, int count) throws SQLException {
        return next(session, project, count, ahead);
    }

    /** The first of the project's next numbers, given back if the transaction is undone. */
    long nextWithin(Session session, ProjectId project, int count) throws SQLException {
        return next(session, project, count, within);
    }

    private long next(Session session, ProjectId project, int count, String update)
            throws SQLException {
        while (true) {
            Optional<Long> behind =
                    session.call(update).number(count).project(project).one(Row::number);
            if (behind.isPresent()) {
                return behind.get() - count;
            }
            Session.insertUnlessPresent(session.call(begin).project(project));
        }
    }
}
