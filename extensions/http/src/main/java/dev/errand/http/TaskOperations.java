package dev.errand.http;

import dev.errand.error.InvalidRequestException;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.Page;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskWithLatestRun;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.SummarizeTasksRequest;
import dev.errand.task.UpdateTaskRequest;

/** The operations on tasks (contract D1 to D6, I14, I15). */
final class TaskOperations {

    private TaskOperations() {}

    static Answer list(Call call) {
        QueryParameters query = call.query();
        TaskFilter filter = TaskQuery.filter(query);
        Paging paging = call.paging(query);
        Page<TaskWithLatestRun> page = call.api().tasks().list(filter, paging.page());
        return Answer.ok(
                call.api().wire().writeTasks(page, paging.next(page.total()), paging.previous()));
    }

    static Answer summaries(Call call) {
        SummarizeTasksRequest request = call.body(SummarizeTasksRequest.class);
        Paging paging = call.paging(call.query());
        Page<TaskWithLatestRun> page = call.api().tasks().summaries(request, paging.page());
        return Answer.ok(
                call.api()
                        .wire()
                        .writeSummaries(page, paging.next(page.total()), paging.previous()));
    }

    static Answer repositories(Call call) {
        return Answer.ok(call.api().wire().writeRepositories(call.api().tasks().repositories()));
    }

    static Answer create(Call call) {
        CreateTaskRequest request = call.body(CreateTaskRequest.class);
        TaskWithLatestRun task = call.api().tasks().create(request, call.idempotencyKey());
        return Answer.created(call.api().wire().writeTask(task));
    }

    static Answer retrieve(Call call) {
        return Answer.ok(call.api().wire().writeTask(call.api().tasks().get(call.task())));
    }

    static Answer update(Call call) {
        try {
            UpdateTaskRequest request = call.body(UpdateTaskRequest.class);
            TaskWithLatestRun task = call.api().tasks().update(call.task(), request);
            return Answer.ok(call.api().wire().writeTask(task));
        } catch (InvalidRequestException invalid) {
            // For this operation alone a missing task is reported before an invalid body (contract
            // C2). Only an invalid request costs the second look-up.
            call.api().tasks().get(call.task());
            throw invalid;
        }
    }

    static Answer delete(Call call) {
        call.api().tasks().delete(call.task());
        return Answer.noContent();
    }

    static Answer run(Call call) {
        RunTaskRequest request = call.body(RunTaskRequest.class);
        TaskWithLatestRun task = call.api().runs().run(call.task(), request, call.idempotencyKey());
        return Answer.ok(call.api().wire().writeTask(task));
    }
}
