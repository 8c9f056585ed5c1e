package dev.errand.jdbc;

import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Lists tasks. A page is read from the tasks alone, or from the runs with one stage, along an index
 * in list order. Only the rows of the page are joined to their latest runs, by primary key.
 */
final class TaskLister {

    /**
     * One statement, so that page and total are consistent. Rows are counted only if the page does
     * not show the total, because counting dominates the cost of a list.
     */
    private static final String PAGE =
            """
            with page as (
                select t.* from %6$s order by %7$s limit %4$s offset %5$s),
            counted as (
                select case
                    when (select count(*) from page) between 1 and ? - 1
                        or (select count(*) from page) = 0 and ? = 0
                    then (select count(*) from page) + ?
                    else (select count(*) from errand_task t where %1$s) end as total)
            select counted.total, %2$s, %3$s
            from counted left join page t on true
            left join errand_run r on r.project_id = t.project_id and r.id = t.latest_run_id
            order by t.created_at desc, t.id desc""";

    /** H2 caches the results of "with" when parameters change, so it uses two statements. */
    private static final String PAGE_WITHOUT_COUNT =
            """
            select %2$s, %3$s
            from (select t.* from %6$s order by %7$s limit %4$s offset %5$s) t
            left join errand_run r on r.project_id = t.project_id and r.id = t.latest_run_id
            order by t.created_at desc, t.id desc""";

    private static final String COUNT = "select count(*) from errand_task t where %1$s";

    private static final String AFTER =
            """
            select %2$s, %3$s
            from (select t.* from %6$s order by %7$s limit %4$s) t
            left join errand_run r on r.project_id = t.project_id and r.id = t.latest_run_id
            order by t.created_at desc, t.id desc""";

    private final Database database;

    TaskLister(Database database) {
        this.database = database;
    }

    /**
     * The limit and offset of a page. PostgreSQL uses a generic plan only if it does not look worse
     * than custom plans, and estimates an unknown limit as a tenth of all rows. The limit is
     * therefore part of the text; otherwise each page would be planned again, which takes longer
     * than reading it. If the best plan depends on a value that may be rare (a search, or a stage
     * with other conditions), the limit remains a parameter on purpose.
     */
    private record PageLimit(int limit, long offset, boolean limitInText) {

        static PageLimit of(boolean planDependsOnValues, int limit, long offset) {
            return new PageLimit(limit, offset, !planDependsOnValues);
        }

        void bind(SqlStatement statement) throws SQLException {
            if (!limitInText) {
                statement.number(limit);
            }
            if (offset != 0) {
                statement.number(offset);
            }
        }
    }

    /** A row of a page: the total, and a task unless the page is empty. */
    private record CountedTask(long total, Optional<TaskWithLatestRun> task) {}

    Page<TaskWithLatestRun> page(
            SqlSession session, ProjectId project, TaskFilter filter, PageRequest page)
            throws SQLException {
        TaskFilterConditions conditions = new TaskFilterConditions(project, filter);
        return switch (database.dialect()) {
            case POSTGRESQL -> countedPage(session, project, conditions, page);
            case H2 -> pageAndCount(session, project, conditions, page);
        };
    }

    private Page<TaskWithLatestRun> countedPage(
            SqlSession session,
            ProjectId project,
            TaskFilterConditions conditions,
            PageRequest page)
            throws SQLException {
        TaskPageSource rows = rows(project, conditions, Optional.empty());
        // Counting a rare stage needs another plan than counting a common one.
        PageLimit limits =
                PageLimit.of(conditions.planDependsOnValues(), page.limit(), page.offset());
        SqlStatement statement = session.statement(sql(PAGE, conditions, rows, limits));
        rows.bind(statement);
        limits.bind(statement);
        statement.number(page.limit()).number(page.offset()).number(page.offset());
        conditions.bind(statement);
        List<CountedTask> found =
                statement.list(
                        row ->
                                new CountedTask(
                                        row.number(),
                                        TaskColumns.readOptionalWithRun(project, row)));
        return new Page<>(
                found.stream().flatMap(row -> row.task().stream()).toList(), found.get(0).total());
    }

    private Page<TaskWithLatestRun> pageAndCount(
            SqlSession session,
            ProjectId project,
            TaskFilterConditions conditions,
            PageRequest page)
            throws SQLException {
        TaskPageSource rows = rows(project, conditions, Optional.empty());
        PageLimit limits =
                PageLimit.of(conditions.planDependsOnValues(), page.limit(), page.offset());
        SqlStatement statement =
                session.statement(sql(PAGE_WITHOUT_COUNT, conditions, rows, limits));
        rows.bind(statement);
        limits.bind(statement);
        List<TaskWithLatestRun> found =
                statement.list(row -> TaskColumns.readWithRun(project, row));
        boolean isLastPage = found.isEmpty() ? page.offset() == 0 : found.size() < page.limit();
        if (isLastPage) {
            return new Page<>(found, page.offset() + found.size());
        }
        SqlStatement count = session.statement(sql(COUNT, conditions, rows, limits));
        conditions.bind(count);
        return new Page<>(found, count.findOne(ResultRow::number).orElseThrow());
    }

    List<TaskWithLatestRun> after(
            SqlSession session,
            ProjectId project,
            TaskFilter filter,
            Optional<TaskPosition> after,
            int limit)
            throws SQLException {
        TaskFilterConditions conditions = new TaskFilterConditions(project, filter);
        TaskPageSource rows = rows(project, conditions, after);
        PageLimit limits = PageLimit.of(rows.planDependsOnValues(), limit, 0);
        SqlStatement statement = session.statement(sql(AFTER, conditions, rows, limits));
        rows.bind(statement);
        limits.bind(statement);
        return List.copyOf(statement.list(row -> TaskColumns.readWithRun(project, row)));
    }

    private TaskPageSource rows(
            ProjectId project, TaskFilterConditions conditions, Optional<TaskPosition> after) {
        return TaskPageSource.of(database.dialect(), project, conditions, after);
    }

    private String sql(
            String query, TaskFilterConditions conditions, TaskPageSource rows, PageLimit limits) {
        return database.sql(
                query.formatted(
                        conditions.sql(),
                        TaskColumns.qualified("t"),
                        RunColumns.qualified("r"),
                        limits.limitInText() ? limits.limit() : "?",
                        limits.offset() == 0 ? "0" : "?",
                        rows.table(),
                        rows.order()));
    }
}
