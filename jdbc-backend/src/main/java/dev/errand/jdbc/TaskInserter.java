package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.WireValue;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Inserts tasks, their first runs and the queue entries of these. On PostgreSQL this is one
 * statement, which needs no arrays for one task ({@link RowBatch}).
 */
final class TaskInserter {

    private static final String INSERT_ONE =
            """
            with allocated as materialized (
                select coalesce(given, next) as first_number
                from (select cast(? as bigint) as given, cast(? as text) as request,
                        split_part(current_setting('errand.first_number', true), ' ', 1)
                            as allocated_for,
                        cast(nullif(split_part(
                                current_setting('errand.first_number', true), ' ', 2), '')
                            as bigint) as next) s
                where given is not null or request = allocated_for and next is not null),
            task as (
                insert into errand_task (
                    project_id, id, task_number, version, title, title_manually_set, description,
                    origin_product, repository, github_integration, github_user_integration,
                    signal_report, json_schema, internal, archived_at, further_repositories, runtime, ci_prompt, search_text, created_by,
                    created_at, updated_at, report_relationship)
                select
                    cast(? as bigint), cast(? as uuid), first_number + cast(? as bigint),
                    cast(? as bigint), cast(? as text), cast(? as boolean), cast(? as text),
                    cast(? as text), cast(? as text), cast(? as bigint), cast(? as uuid),
                    cast(? as uuid), cast(? as text), cast(? as boolean), cast(? as timestamptz),
                    cast(? as text), cast(? as text), cast(? as text),
                    cast(? as text), cast(? as bigint), cast(? as timestamptz),
                    cast(? as timestamptz), cast(? as text)
                from allocated),
            run as (
                insert into errand_run (
                    latest, project_id, id, task_id, task_created_at, created_at, version, status,
                    environment, stage, branch, error_message, output, state, artifacts, attempt,
                    end_reason, updated_at, completed_at)
                select true, given.*
                from allocated
                cross join (
                    select
                        cast(? as bigint), cast(? as uuid) as id, cast(? as uuid),
                        cast(? as timestamptz), cast(? as timestamptz), cast(? as bigint),
                        cast(? as text), cast(? as text), cast(? as text), cast(? as text),
                        cast(? as text), cast(? as text), cast(? as text), cast(? as jsonb),
                        cast(? as integer), cast(? as text), cast(? as timestamptz),
                        cast(? as timestamptz)) given
                where given.id is not null),
            entry as (
                insert into errand_queue (
                    project_id, run_id, task_id, lease_token, phase, failures, queued_at, due_at,
                    handle, last_failure, stop_reason, priority, queued_limit, launch_limit,
                    inactivity_limit, total_limit)
                select given.*
                from allocated
                cross join (
                    select
                        cast(? as bigint), cast(? as uuid) as run_id, cast(? as uuid),
                        cast(? as bigint), cast(? as text), cast(? as integer),
                        cast(? as timestamptz), cast(? as timestamptz), cast(? as text),
                        cast(? as text), cast(? as text), cast(? as smallint), cast(? as bigint),
                        cast(? as bigint), cast(? as bigint), cast(? as bigint)) given
                where given.run_id is not null)
            select first_number from allocated""";

    private static final String INSERT_MANY =
            """
            with allocated as materialized (
                select coalesce(given, next) as first_number
                from (select cast(? as bigint) as given, cast(? as text) as request,
                        split_part(current_setting('errand.first_number', true), ' ', 1)
                            as allocated_for,
                        cast(nullif(split_part(
                                current_setting('errand.first_number', true), ' ', 2), '')
                            as bigint) as next) s
                where given is not null or request = allocated_for and next is not null),
            task as (
                insert into errand_task (
                    project_id, id, task_number, version, title, title_manually_set, description,
                    origin_product, repository, github_integration, github_user_integration,
                    signal_report, json_schema, internal, archived_at, further_repositories, runtime, ci_prompt, search_text, created_by,
                    created_at, updated_at, report_relationship)
                select
                    project_id, id, first_number + number, version, title, title_manually_set,
                    description, origin_product, repository, github_integration,
                    github_user_integration, signal_report, json_schema, internal, archived_at, further_repositories, runtime, ci_prompt,
                    search_text, created_by, created_at, updated_at, report_relationship
                from allocated
                cross join unnest(
                    cast(? as bigint[]), cast(? as uuid[]), cast(? as bigint[]),
                    cast(? as bigint[]), cast(? as text[]), cast(? as boolean[]),
                    cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as bigint[]),
                    cast(? as uuid[]), cast(? as uuid[]), cast(? as text[]),
                    cast(? as boolean[]), cast(? as timestamptz[]), cast(? as text[]),
                    cast(? as text[]), cast(? as text[]), cast(? as text[]),
                    cast(? as bigint[]), cast(? as timestamptz[]), cast(? as timestamptz[]),
                    cast(? as text[])) given (
                    project_id, id, number, version, title, title_manually_set, description,
                    origin_product, repository, github_integration, github_user_integration,
                    signal_report, json_schema, internal, archived_at, further_repositories, runtime, ci_prompt, search_text, created_by,
                    created_at, updated_at, report_relationship)),
            run as (
                insert into errand_run (
                    latest, project_id, id, task_id, task_created_at, created_at, version, status,
                    environment, stage, branch, error_message, output, state, artifacts, attempt,
                    end_reason, updated_at, completed_at)
                select true, given.*
                from allocated
                cross join unnest(
                    cast(? as bigint[]), cast(? as uuid[]), cast(? as uuid[]),
                    cast(? as timestamptz[]), cast(? as timestamptz[]), cast(? as bigint[]),
                    cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as text[]),
                    cast(? as text[]), cast(? as text[]), cast(? as text[]), cast(? as jsonb[]),
                    cast(? as integer[]), cast(? as text[]), cast(? as timestamptz[]),
                    cast(? as timestamptz[])) given),
            entry as (
                insert into errand_queue (
                    project_id, run_id, task_id, lease_token, phase, failures, queued_at, due_at,
                    handle, last_failure, stop_reason, priority, queued_limit, launch_limit,
                    inactivity_limit, total_limit)
                select given.*
                from allocated
                cross join unnest(
                    cast(? as bigint[]), cast(? as uuid[]), cast(? as uuid[]),
                    cast(? as bigint[]), cast(? as text[]), cast(? as integer[]),
                    cast(? as timestamptz[]), cast(? as timestamptz[]), cast(? as text[]),
                    cast(? as text[]), cast(? as text[]), cast(? as smallint[]),
                    cast(? as bigint[]), cast(? as bigint[]), cast(? as bigint[]),
                    cast(? as bigint[])) given)
            select first_number from allocated""";

    private static final String ALLOCATE_AND_INSERT_ONE = TaskNumbers.ALLOCATE_AHEAD + INSERT_ONE;

    private static final String ALLOCATE_AND_INSERT_MANY = TaskNumbers.ALLOCATE_AHEAD + INSERT_MANY;

    private static final String INSERT_TASK_H2 =
            """
            insert into errand_task (
                project_id, id, task_number, version, title, title_manually_set, description,
                origin_product, repository, github_integration, github_user_integration,
                signal_report, json_schema, internal, archived_at, further_repositories, runtime, ci_prompt, search_text, created_by,
                created_at, updated_at, report_relationship)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    /** The number of columns of a new run. */
    private static final int RUN_COLUMNS = 18;

    private final Dialect dialect;

    TaskInserter(Database database) {
        dialect = database.dialect();
    }

    /**
     * Inserts the tasks with the next numbers of their project, which are allocated in a preceding
     * transaction of their own ({@link TaskNumbers}). On PostgreSQL only.
     *
     * @return the tasks, or empty if the project has no counter yet
     */
    Optional<List<TaskWithLatestRun>> insertWithNewNumbers(
            SqlSession session, ProjectId project, List<TaskInsertion> work) throws SQLException {
        String request = work.get(0).task().id().toString();
        SqlStatement statement =
                session.statement(
                                work.size() == 1
                                        ? ALLOCATE_AND_INSERT_ONE
                                        : ALLOCATE_AND_INSERT_MANY)
                        .number(work.size())
                        .project(project)
                        .number(work.size())
                        .text(request)
                        .number(Optional.empty())
                        .text(request);
        try {
            return bind(statement, project, work)
                    .findOneAfter(
                            TaskNumbers.ALLOCATION_STATEMENTS, row -> row.number("first_number"))
                    .map(firstNumber -> numbered(project, work, firstNumber));
        } catch (SQLException e) {
            // The last statement of the text commits by itself.
            throw UnknownOutcomeException.ofCommit(duplicateId(e));
        }
    }

    /** Inserts the tasks with consecutive numbers. */
    List<TaskWithLatestRun> insert(
            SqlSession session, ProjectId project, List<TaskInsertion> work, long firstNumber)
            throws SQLException {
        try {
            switch (dialect) {
                case POSTGRESQL -> {
                    SqlStatement statement =
                            session.statement(work.size() == 1 ? INSERT_ONE : INSERT_MANY)
                                    .number(firstNumber)
                                    .text(Optional.empty());
                    bind(statement, project, work).findOne(row -> row.number("first_number"));
                }
                case H2 -> {
                    for (int i = 0; i < work.size(); i++) {
                        insertH2(session, project, work.get(i), firstNumber + i);
                    }
                }
            }
        } catch (SQLException e) {
            throw duplicateId(e);
        }
        return numbered(project, work, firstNumber);
    }

    private static void insertH2(
            SqlSession session, ProjectId project, TaskInsertion work, long number)
            throws SQLException {
        bindTask(session.statement(INSERT_TASK_H2), project, work.task(), number).updateOne();
        if (work.run().isPresent()) {
            RunInserter.insertFirstH2(session, work.run().get(), work.task().createdAt());
        }
    }

    private static List<TaskWithLatestRun> numbered(
            ProjectId project, List<TaskInsertion> work, long firstNumber) {
        List<TaskWithLatestRun> numbered = new ArrayList<>(work.size());
        for (TaskInsertion each : work) {
            Task task = each.task().numbered(project, firstNumber + numbered.size());
            numbered.add(new TaskWithLatestRun(task, each.run().map(StoredRun::run)));
        }
        return List.copyOf(numbered);
    }

    /**
     * Throws an {@link IllegalArgumentException} if an id is already used; returns other failures.
     */
    private static SQLException duplicateId(SQLException failure) {
        if (SqlExceptionTranslator.isUniqueViolation(failure)) {
            throw new IllegalArgumentException(
                    "the ids of tasks and runs must be new, but one is already used", failure);
        }
        return failure;
    }

    private static SqlStatement bind(
            SqlStatement statement, ProjectId project, List<TaskInsertion> work)
            throws SQLException {
        if (work.size() == 1) {
            TaskInsertion only = work.get(0);
            bindTask(statement, project, only.task(), 0);
            if (only.run().isEmpty()) {
                return statement.nulls(RUN_COLUMNS).nulls(RunInserter.ENTRY_COLUMNS);
            }
            bindRun(statement, only.run().get().run(), only.task());
            return RunInserter.bindEntry(statement, only.run().get());
        }
        RowBatch tasks =
                new RowBatch(
                        "bigint",
                        "uuid",
                        "bigint",
                        "bigint",
                        "text",
                        "boolean",
                        "text",
                        "text",
                        "text",
                        "bigint",
                        "uuid",
                        "uuid",
                        "text",
                        "boolean",
                        "timestamptz",
                        "text",
                        "text",
                        "text",
                        "text",
                        "bigint",
                        "timestamptz",
                        "timestamptz",
                        "text");
        RowBatch runs =
                new RowBatch(
                        "bigint",
                        "uuid",
                        "uuid",
                        "timestamptz",
                        "timestamptz",
                        "bigint",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "text",
                        "jsonb",
                        "integer",
                        "text",
                        "timestamptz",
                        "timestamptz");
        RowBatch entries =
                new RowBatch(
                        "bigint",
                        "uuid",
                        "uuid",
                        "bigint",
                        "text",
                        "integer",
                        "timestamptz",
                        "timestamptz",
                        "text",
                        "text",
                        "text",
                        "smallint",
                        "bigint",
                        "bigint",
                        "bigint",
                        "bigint");
        for (TaskInsertion each : work) {
            bindTask(tasks, project, each.task(), tasks.size()).endRow();
            if (each.run().isPresent()) {
                StoredRun run = each.run().get();
                bindRun(runs, run.run(), each.task()).endRow();
                if (run.entry().isPresent()) {
                    RunInserter.bindEntry(entries, run).endRow();
                }
            }
        }
        return entries.bind(runs.bind(tasks.bind(statement)));
    }

    private static <P extends ParameterBinder<P>> P bindTask(
            P binder, ProjectId project, NewTask given, long number) throws SQLException {
        Task task = given.numbered(project, number);
        return TaskColumns.bindDetails(
                        binder.project(project)
                                .id(task.id().value())
                                .number(number)
                                .number(task.version()),
                        task.details())
                .number(task.createdBy().map(UserId::value))
                .time(task.createdAt())
                .time(task.updatedAt())
                .text(given.reportRelationship().map(WireValue::wire));
    }

    private static <P extends ParameterBinder<P>> P bindRun(P binder, Run run, NewTask task)
            throws SQLException {
        return RunColumns.bind(
                binder.project(run.project())
                        .id(run.id().value())
                        .id(run.task().value())
                        .time(task.createdAt())
                        .time(run.createdAt()),
                run);
    }
}
