package dev.errand.jdbc;

import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Lists tasks. A page is read along an index that is in the order of the list. Only the tasks of
 * the page are joined to their latest runs.
 *
 * <p>The conditions of a filter replace {@code {conditions}}, and {@code {limit}} is replaced by
 * the limit of the page.
 */
final class TaskLister {

    private static final String PAGE =
            """
            select t.id, t.task_number, t.version, t.title, t.title_manually_set, t.description,
                t.origin_product, t.repository, t.github_integration, t.github_user_integration,
                t.signal_report, t.json_schema, t.internal, t.archived_at, t.further_repositories, t.runtime,
                t.ci_prompt, t.created_by,
                t.created_at, t.updated_at, t.deleted_at,
                r.id as run_id, r.task_id as run_task_id, r.version as run_version,
                r.status as run_status, r.environment as run_environment, r.stage as run_stage,
                r.branch as run_branch, r.error_message as run_error_message,
                r.output as run_output, r.state as run_state, r.artifacts as run_artifacts,
                r.attempt as run_attempt, r.end_reason as run_end_reason,
                r.created_at as run_created_at, r.updated_at as run_updated_at,
                r.completed_at as run_completed_at
            from (
                select * from errand_task t
                where {conditions}
                order by t.created_at desc, t.id desc
                {limit}) t
            left join lateral (
                select * from errand_run latest
                where latest.project_id = t.project_id and latest.task_id = t.id
                order by latest.created_at desc, latest.id desc
                limit 1) r on true
            order by t.created_at desc, t.id desc""";

    private static final String PAGE_H2 =
            """
            select t.id, t.task_number, t.version, t.title, t.title_manually_set, t.description,
                t.origin_product, t.repository, t.github_integration, t.github_user_integration,
                t.signal_report, t.json_schema, t.internal, t.archived_at, t.further_repositories, t.runtime,
                t.ci_prompt, t.created_by,
                t.created_at, t.updated_at, t.deleted_at,
                r.id as run_id, r.task_id as run_task_id, r.version as run_version,
                r.status as run_status, r.environment as run_environment, r.stage as run_stage,
                r.branch as run_branch, r.error_message as run_error_message,
                r.output as run_output, r.state as run_state, r.artifacts as run_artifacts,
                r.attempt as run_attempt, r.end_reason as run_end_reason,
                r.created_at as run_created_at, r.updated_at as run_updated_at,
                r.completed_at as run_completed_at
            from (
                select * from errand_task t
                where {conditions}
                order by t.created_at desc, t.id desc
                {limit}) t
            left join errand_run r on r.project_id = t.project_id and r.id = (
                select latest.id from errand_run latest
                where latest.project_id = t.project_id and latest.task_id = t.id
                order by latest.created_at desc, latest.id desc
                limit 1)
            order by t.created_at desc, t.id desc""";

    private static final String COUNT_H2 =
            """
            select count(*) as total from errand_task t where {conditions}""";

    /**
     * A page with its total, on PostgreSQL. One statement, so that both are consistent. Rows are
     * counted only if the page does not show the total, because counting dominates the cost of a
     * list. H2 caches the results of "with" when parameters change, so it uses two statements.
     */
    private static final String COUNTED_PAGE =
            """
            with page as (
                select * from errand_task t
                where {conditions}
                order by t.created_at desc, t.id desc
                {limit}),
            counted as (
                select case
                    when (select count(*) from page) between 1 and ? - 1
                        or (select count(*) from page) = 0 and ? = 0
                    then (select count(*) from page) + ?
                    else (select count(*) from errand_task t where {conditions}) end as total)
            select counted.total,
                t.id, t.task_number, t.version, t.title, t.title_manually_set, t.description,
                t.origin_product, t.repository, t.github_integration, t.github_user_integration,
                t.signal_report, t.json_schema, t.internal, t.archived_at, t.further_repositories, t.runtime,
                t.ci_prompt, t.created_by,
                t.created_at, t.updated_at, t.deleted_at,
                r.id as run_id, r.task_id as run_task_id, r.version as run_version,
                r.status as run_status, r.environment as run_environment, r.stage as run_stage,
                r.branch as run_branch, r.error_message as run_error_message,
                r.output as run_output, r.state as run_state, r.artifacts as run_artifacts,
                r.attempt as run_attempt, r.end_reason as run_end_reason,
                r.created_at as run_created_at, r.updated_at as run_updated_at,
                r.completed_at as run_completed_at
            from counted
            left join page t on true
            left join lateral (
                select * from errand_run latest
                where latest.project_id = t.project_id and latest.task_id = t.id
                order by latest.created_at desc, latest.id desc
                limit 1) r on true
            order by t.created_at desc, t.id desc""";

    /**
     * A page with its total that is read along an index of runs, on PostgreSQL. The cost does not
     * depend on how frequent the stage or the status is. H2 would sort all matching runs first.
     */
    private static final String COUNTED_PAGE_BY_RUN =
            """
            with page as (
                select t.*
                from (
                    select distinct s.task_created_at, s.task_id from errand_run s
                    where {run conditions}
                    order by s.task_created_at desc, s.task_id desc) s
                join errand_task t on t.project_id = ? and t.id = s.task_id
                where t.deleted_at is null and not t.internal and t.archived_at is null
                order by s.task_created_at desc, s.task_id desc
                {limit}),
            counted as (
                select case
                    when (select count(*) from page) between 1 and ? - 1
                        or (select count(*) from page) = 0 and ? = 0
                    then (select count(*) from page) + ?
                    else (select count(*) from errand_task t where {conditions}) end as total)
            select counted.total,
                t.id, t.task_number, t.version, t.title, t.title_manually_set, t.description,
                t.origin_product, t.repository, t.github_integration, t.github_user_integration,
                t.signal_report, t.json_schema, t.internal, t.archived_at, t.further_repositories, t.runtime,
                t.ci_prompt, t.created_by,
                t.created_at, t.updated_at, t.deleted_at,
                r.id as run_id, r.task_id as run_task_id, r.version as run_version,
                r.status as run_status, r.environment as run_environment, r.stage as run_stage,
                r.branch as run_branch, r.error_message as run_error_message,
                r.output as run_output, r.state as run_state, r.artifacts as run_artifacts,
                r.attempt as run_attempt, r.end_reason as run_end_reason,
                r.created_at as run_created_at, r.updated_at as run_updated_at,
                r.completed_at as run_completed_at
            from counted
            left join page t on true
            left join lateral (
                select * from errand_run latest
                where latest.project_id = t.project_id and latest.task_id = t.id
                order by latest.created_at desc, latest.id desc
                limit 1) r on true
            order by t.created_at desc, t.id desc""";

    private static final String PAGE_BY_RUN =
            """
            select t.id, t.task_number, t.version, t.title, t.title_manually_set, t.description,
                t.origin_product, t.repository, t.github_integration, t.github_user_integration,
                t.signal_report, t.json_schema, t.internal, t.archived_at, t.further_repositories, t.runtime,
                t.ci_prompt, t.created_by,
                t.created_at, t.updated_at, t.deleted_at,
                r.id as run_id, r.task_id as run_task_id, r.version as run_version,
                r.status as run_status, r.environment as run_environment, r.stage as run_stage,
                r.branch as run_branch, r.error_message as run_error_message,
                r.output as run_output, r.state as run_state, r.artifacts as run_artifacts,
                r.attempt as run_attempt, r.end_reason as run_end_reason,
                r.created_at as run_created_at, r.updated_at as run_updated_at,
                r.completed_at as run_completed_at
            from (
                select t.*
                from (
                    select distinct s.task_created_at, s.task_id from errand_run s
                    where {run conditions}
                    order by s.task_created_at desc, s.task_id desc) s
                join errand_task t on t.project_id = ? and t.id = s.task_id
                where t.deleted_at is null and not t.internal and t.archived_at is null
                order by s.task_created_at desc, s.task_id desc
                {limit}) t
            left join lateral (
                select * from errand_run latest
                where latest.project_id = t.project_id and latest.task_id = t.id
                order by latest.created_at desc, latest.id desc
                limit 1) r on true
            order by t.created_at desc, t.id desc""";

    // Sorted in Java: the order of text differs between databases and locales.
    private static final String LIST_REPOSITORIES =
            """
            select distinct repository, further_repositories from errand_task
            where project_id = ? and not internal and deleted_at is null
                and (repository <> '' or further_repositories is not null)""";

    private final Dialect dialect;

    TaskLister(Database database) {
        dialect = database.dialect();
    }

    /**
     * The limit and offset of a page. PostgreSQL uses a generic plan only if it does not look worse
     * than custom plans, and estimates an unknown limit as a tenth of all rows. The limit is
     * therefore part of the text; otherwise each page would be planned again, which takes longer
     * than reading it. If the best plan depends on a value that may be rare, the limit remains a
     * parameter on purpose.
     */
    private record Limit(int limit, long offset, boolean isParameter) {

        String sql() {
            return "limit " + (isParameter ? "?" : limit) + (offset == 0 ? "" : " offset ?");
        }

        void bind(SqlStatement statement) throws SQLException {
            if (isParameter) {
                statement.number(limit);
            }
            if (offset != 0) {
                statement.number(offset);
            }
        }
    }

    /** A row of a page: the total, and a task unless the page is empty. */
    private record CountedTask(long total, Optional<TaskWithLatestRun> task) {

        static CountedTask read(ProjectId project, ResultRow row) throws SQLException {
            return new CountedTask(
                    row.number("total"),
                    row.optionalId("id").isEmpty()
                            ? Optional.empty()
                            : Optional.of(TaskColumns.readWithRun(project, row)));
        }
    }

    /** Lists one page of the matching tasks and counts all that match. */
    Page<TaskWithLatestRun> list(
            SqlSession session, ProjectId project, TaskFilter filter, PageRequest page)
            throws SQLException {
        return list(
                session,
                project,
                TaskConditions.of(project, filter),
                TaskConditions.ofRuns(project, filter),
                page);
    }

    /** Lists one page of the tasks with the given ids and counts all of them. */
    Page<TaskWithLatestRun> listByIds(
            SqlSession session, ProjectId project, Collection<TaskId> ids, PageRequest page)
            throws SQLException {
        return list(session, project, TaskConditions.of(project, ids), Optional.empty(), page);
    }

    private Page<TaskWithLatestRun> list(
            SqlSession session,
            ProjectId project,
            TaskConditions conditions,
            Optional<TaskConditions> runConditions,
            PageRequest page)
            throws SQLException {
        // Counting a rare stage or status needs another plan than counting a common one.
        Limit limit = new Limit(page.limit(), page.offset(), conditions.planDependsOnValues());
        return switch (dialect) {
            case POSTGRESQL ->
                    countedPage(session, project, conditions, runConditions, page, limit);
            case H2 -> pageAndCountH2(session, project, conditions, page, limit);
        };
    }

    private static Page<TaskWithLatestRun> countedPage(
            SqlSession session,
            ProjectId project,
            TaskConditions conditions,
            Optional<TaskConditions> runConditions,
            PageRequest page,
            Limit limit)
            throws SQLException {
        SqlStatement statement;
        if (runConditions.isPresent()) {
            TaskConditions runs = runConditions.get();
            statement =
                    session.statement(
                            sql(COUNTED_PAGE_BY_RUN, conditions, limit)
                                    .replace("{run conditions}", runs.sql()));
            runs.bind(statement);
            statement.project(project);
        } else {
            statement = session.statement(sql(COUNTED_PAGE, conditions, limit));
            conditions.bind(statement);
        }
        limit.bind(statement);
        statement.number(page.limit()).number(page.offset()).number(page.offset());
        conditions.bind(statement);
        List<CountedTask> rows = statement.list(row -> CountedTask.read(project, row));
        return new Page<>(
                rows.stream().flatMap(row -> row.task().stream()).toList(), rows.get(0).total());
    }

    private Page<TaskWithLatestRun> pageAndCountH2(
            SqlSession session,
            ProjectId project,
            TaskConditions conditions,
            PageRequest page,
            Limit limit)
            throws SQLException {
        List<TaskWithLatestRun> tasks = list(session, project, conditions, limit);
        boolean isLastPage = tasks.isEmpty() ? page.offset() == 0 : tasks.size() < page.limit();
        if (isLastPage) {
            return new Page<>(tasks, page.offset() + tasks.size());
        }
        SqlStatement count = session.statement(sql(COUNT_H2, conditions, limit));
        conditions.bind(count);
        return new Page<>(tasks, count.findOne(row -> row.number("total")).orElseThrow());
    }

    /** Lists the matching tasks that follow a position. */
    List<TaskWithLatestRun> listAfter(
            SqlSession session,
            ProjectId project,
            TaskFilter filter,
            Optional<TaskPosition> after,
            int limit)
            throws SQLException {
        Optional<TaskConditions> runConditions =
                dialect == Dialect.POSTGRESQL
                        ? TaskConditions.ofRuns(project, filter)
                        : Optional.empty();
        if (runConditions.isPresent()) {
            TaskConditions runs = runConditions.get();
            after.ifPresent(runs::taskAfter);
            return listByRun(session, project, runs, new Limit(limit, 0, false));
        }
        TaskConditions conditions = TaskConditions.of(project, filter);
        after.ifPresent(conditions::after);
        return list(
                session,
                project,
                conditions,
                new Limit(limit, 0, conditions.planDependsOnValues()));
    }

    private List<TaskWithLatestRun> list(
            SqlSession session, ProjectId project, TaskConditions conditions, Limit limit)
            throws SQLException {
        String page = dialect.choose(PAGE, PAGE_H2);
        SqlStatement statement = session.statement(sql(page, conditions, limit));
        conditions.bind(statement);
        limit.bind(statement);
        return List.copyOf(statement.list(row -> TaskColumns.readWithRun(project, row)));
    }

    private static List<TaskWithLatestRun> listByRun(
            SqlSession session, ProjectId project, TaskConditions runs, Limit limit)
            throws SQLException {
        SqlStatement statement =
                session.statement(
                        PAGE_BY_RUN
                                .replace("{run conditions}", runs.sql())
                                .replace("{limit}", limit.sql()));
        runs.bind(statement);
        statement.project(project);
        limit.bind(statement);
        return List.copyOf(statement.list(row -> TaskColumns.readWithRun(project, row)));
    }

    List<String> listRepositories(SqlSession session, ProjectId project) throws SQLException {
        return session
                .statement(LIST_REPOSITORIES)
                .project(project)
                .list(
                        row -> {
                            List<String> all =
                                    TaskColumns.readList(row.optionalText("further_repositories"));
                            row.optionalText("repository").ifPresent(all::add);
                            return all;
                        })
                .stream()
                .flatMap(List::stream)
                .distinct()
                .sorted()
                .toList();
    }

    private static String sql(String statement, TaskConditions conditions, Limit limit) {
        return statement.replace("{conditions}", conditions.sql()).replace("{limit}", limit.sql());
    }
}
