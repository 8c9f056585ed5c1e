package dev.errand.http;

import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.profile.ApiProfile;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.Page;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.SummarizeTasksRequest;
import dev.errand.task.UpdateTaskRequest;
import dev.errand.wire.WireFormat;
import java.util.Optional;

/**
 * The operations on tasks (docs/wire/tasks.md#d1, #d2, #d3, #d4, #d5, #i14, #i15,
 * docs/wire/starting-runs.md#d6).
 */
final class TaskOperations {

    private TaskOperations() {}

    static HttpResponse list(ApiRequest request) {
        QueryParameters query = request.query();
        TaskFilter filter = TaskFilterParser.parse(query, request.client().profile());
        Paging paging = request.paging(query);
        Page<TaskWithLatestRun> page = request.client().tasks().list(filter, paging.page());
        WireFormat wire = request.client().wireFormat();
        boolean isBasic =
                query.text("basic").equals(Optional.of("true"))
                        && request.client().profile().includes(ApiProfile.V2026_09);
        return HttpResponse.ok(
                isBasic
                        ? wire.writeBasicTasks(page, paging.next(page.total()), paging.previous())
                        : wire.writeTasks(page, paging.next(page.total()), paging.previous()));
    }

    static HttpResponse summaries(ApiRequest request) {
        SummarizeTasksRequest body = request.body(SummarizeTasksRequest.class);
        Paging paging = request.paging(request.query());
        Page<TaskWithLatestRun> page = request.client().tasks().summaries(body, paging.page());
        return HttpResponse.ok(
                request.client()
                        .wireFormat()
                        .writeSummaries(page, paging.next(page.total()), paging.previous()));
    }

    static HttpResponse repositories(ApiRequest request) {
        return HttpResponse.ok(
                request.client()
                        .wireFormat()
                        .writeRepositories(request.client().tasks().repositories()));
    }

    static HttpResponse models(ApiRequest request) {
        return HttpResponse.ok(
                request.client().wireFormat().writeModels(request.client().models()));
    }

    static HttpResponse usage(ApiRequest request) {
        return request.client()
                .tasks()
                .usage(request.task())
                .map(cost -> HttpResponse.ok(request.client().wireFormat().writeUsage(cost)))
                .orElseThrow(NotFoundException::new);
    }

    static HttpResponse create(ApiRequest request) {
        CreateTaskRequest body = request.body(CreateTaskRequest.class);
        TaskWithLatestRun task = request.client().tasks().create(body, request.idempotencyKey());
        WireFormat wire = request.client().wireFormat();
        return HttpResponse.created(
                body.startRun().orElse(false) ? wire.writeCreatedTask(task) : wire.writeTask(task));
    }

    static HttpResponse retrieve(ApiRequest request) {
        return HttpResponse.ok(
                request.client()
                        .wireFormat()
                        .writeTask(request.client().tasks().get(request.task())));
    }

    static HttpResponse update(ApiRequest request) {
        try {
            UpdateTaskRequest body = request.body(UpdateTaskRequest.class);
            TaskWithLatestRun task = request.client().tasks().update(request.task(), body);
            return HttpResponse.ok(request.client().wireFormat().writeTask(task));
        } catch (InvalidRequestException invalid) {
            // For this operation alone a missing task is reported before an invalid body
            // (docs/wire/authentication.md#c2). Only an invalid request costs the second look-up.
            request.client().tasks().get(request.task());
            throw invalid;
        }
    }

    static HttpResponse delete(ApiRequest request) {
        request.client().tasks().delete(request.task());
        return HttpResponse.noContent();
    }

    static HttpResponse run(ApiRequest request) {
        RunTaskRequest body = request.body(RunTaskRequest.class);
        TaskWithLatestRun task =
                request.client().runs().run(request.task(), body, request.idempotencyKey());
        return HttpResponse.ok(request.client().wireFormat().writeStartedTask(task));
    }
}
