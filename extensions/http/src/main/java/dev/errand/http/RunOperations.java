package dev.errand.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.errand.run.CancelRunRequest;
import dev.errand.run.Cancellation;
import dev.errand.run.CommandRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RelayMessageRequest;
import dev.errand.run.Runs;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.Page;
import dev.errand.spi.Secret;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.TaskWithLatestRun;

/**
 * The operations on runs (docs/wire/runs.md#d9, #i1, #i2, #i4, #i10, #i11, #i12, #l2,
 * docs/wire/starting-runs.md#d10, #i3, #i9).
 */
final class RunOperations {

    private RunOperations() {}

    static HttpResponse list(ApiRequest request) {
        Paging paging = request.paging(request.query());
        Page<Run> page = request.client().runs().list(request.task(), paging.page());
        return HttpResponse.ok(
                request.client()
                        .wireFormat()
                        .writeRuns(page, paging.next(page.total()), paging.previous()));
    }

    static HttpResponse create(ApiRequest request) {
        CreateRunRequest body = request.body(CreateRunRequest.class);
        Run run = request.client().runs().create(request.task(), body, request.idempotencyKey());
        return HttpResponse.created(request.client().wireFormat().writeRun(run));
    }

    static HttpResponse retrieve(ApiRequest request) {
        Run run = request.client().runs().get(request.task(), request.run());
        return HttpResponse.ok(request.client().wireFormat().writeRun(run));
    }

    static HttpResponse update(ApiRequest request) {
        UpdateRunRequest body = request.body(UpdateRunRequest.class);
        Run run = request.client().runs().update(request.task(), request.run(), body);
        return HttpResponse.ok(request.client().wireFormat().writeRun(run));
    }

    static HttpResponse start(ApiRequest request) {
        StartRunRequest body = request.body(StartRunRequest.class);
        TaskWithLatestRun task =
                request.client()
                        .runs()
                        .start(request.task(), request.run(), body, request.idempotencyKey());
        return HttpResponse.ok(request.client().wireFormat().writeTask(task));
    }

    static HttpResponse resumeInCloud(ApiRequest request) {
        Run run = request.client().runs().resumeInCloud(request.task(), request.run());
        return HttpResponse.ok(request.client().wireFormat().writeRun(run));
    }

    static HttpResponse cancel(ApiRequest request) {
        CancelRunRequest body = request.body(CancelRunRequest.class);
        Cancellation result = request.client().runs().cancel(request.task(), request.run(), body);
        byte[] run = request.client().wireFormat().writeRun(result.orElseThrow());
        return result instanceof Cancellation.Accepted
                ? HttpResponse.accepted(run)
                : HttpResponse.ok(run);
    }

    static HttpResponse connectionToken(ApiRequest request) {
        Secret token = request.client().runs().connectionToken(request.task(), request.run());
        return HttpResponse.ok(request.client().wireFormat().writeConnectionToken(token));
    }

    static Step command(ApiRequest request) {
        CommandRequest body = request.body(CommandRequest.class);
        return new Step.Await(
                () ->
                        request.client()
                                .runs()
                                .sendCommand(request.task(), request.run(), body)
                                .thenApply(reply -> HttpResponse.ok(reply.json().getBytes(UTF_8))));
    }

    static HttpResponse setOutput(ApiRequest request) {
        SetOutputRequest body = request.body(SetOutputRequest.class);
        Run run = request.client().runs().setOutput(request.task(), request.run(), body);
        return HttpResponse.ok(request.client().wireFormat().writeRun(run));
    }

    static HttpResponse relayMessage(ApiRequest request) {
        RelayMessageRequest body = request.body(RelayMessageRequest.class);
        Runs.RelayResult relayed =
                request.client().runs().relayMessage(request.task(), request.run(), body);
        return HttpResponse.ok(request.client().wireFormat().writeRelayResult(relayed));
    }
}
