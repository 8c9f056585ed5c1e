package dev.errand.jdbc;

import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Lists tasks by their ids along the primary key, and the repositories of all tasks. */
final class TasksByIdLister {

    private final String page;
    private final String count;
    private final String repositories;

    TasksByIdLister(Database database) {
        page =
                database.sql(
                        """
                        select %s, %s
                        from (select t.* from errand_task t
                              where t.project_id = ? and t.id = any(?) and t.deleted_at is null
                              order by t.created_at desc, t.id desc limit ? offset ?) t
                        left join errand_run r
                            on r.project_id = t.project_id and r.id = t.latest_run_id
                        order by t.created_at desc, t.id desc"""
                                .formatted(TaskColumns.qualified("t"), RunColumns.qualified("r")));
        count =
                database.sql(
                        """
                        select count(*) from errand_task
                        where project_id = ? and id = any(?) and deleted_at is null""");
        // Sorted in Java: the order of text differs between databases and locales.
        repositories =
                database.sql(
                        """
                        select distinct repository from errand_task
                        where project_id = ? and not internal and deleted_at is null
                            and repository <> ''""");
    }

    Page<TaskWithLatestRun> page(
            SqlSession session, ProjectId project, Collection<TaskId> ids, PageRequest page)
            throws SQLException {
        List<UUID> wanted = ids.stream().map(TaskId::value).toList();
        List<TaskWithLatestRun> rows =
                session.statement(this.page)
                        .project(project)
                        .ids(wanted)
                        .number(page.limit())
                        .number(page.offset())
                        .list(row -> TaskColumns.readWithRun(project, row));
        boolean isLastPage = rows.isEmpty() ? page.offset() == 0 : rows.size() < page.limit();
        return new Page<>(
                List.copyOf(rows),
                isLastPage ? page.offset() + rows.size() : count(session, project, wanted));
    }

    List<String> repositories(SqlSession session, ProjectId project) throws SQLException {
        return session.statement(repositories).project(project).list(ResultRow::text).stream()
                .sorted()
                .toList();
    }

    private long count(SqlSession session, ProjectId project, List<UUID> wanted)
            throws SQLException {
        return session.statement(count)
                .project(project)
                .ids(wanted)
                .findOne(ResultRow::number)
                .orElseThrow();
    }
}
