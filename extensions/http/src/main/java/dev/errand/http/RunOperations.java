package dev.errand.http;

import dev.errand.run.CreateRunRequest;
import dev.errand.run.RelayMessageRequest;
import dev.errand.run.RelayResult;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.Page;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.TaskWithLatestRun;

/** The operations on runs (contract D9, D10, I1 to I4, I12). */
final class RunOperations {

    private RunOperations() {}

    static Answer list(Call call) {
        Paging paging = call.paging(call.query());
        Page<Run> page = call.api().runs().list(call.task(), paging.page());
        return Answer.ok(
                call.api().wire().writeRuns(page, paging.next(page.total()), paging.previous()));
    }

    static Answer create(Call call) {
        CreateRunRequest request = call.body(CreateRunRequest.class);
        Run run = call.api().runs().create(call.task(), request, call.idempotencyKey());
        return Answer.created(call.api().wire().writeRun(run));
    }

    static Answer retrieve(Call call) {
        Run run = call.api().runs().get(call.task(), call.run());
        return Answer.ok(call.api().wire().writeRun(run));
    }

    static Answer update(Call call) {
        UpdateRunRequest request = call.body(UpdateRunRequest.class);
        Run run = call.api().runs().update(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().writeRun(run));
    }

    static Answer start(Call call) {
        StartRunRequest request = call.body(StartRunRequest.class);
        TaskWithLatestRun task =
                call.api().runs().start(call.task(), call.run(), request, call.idempotencyKey());
        return Answer.ok(call.api().wire().writeTask(task));
    }

    static Answer setOutput(Call call) {
        SetOutputRequest request = call.body(SetOutputRequest.class);
        Run run = call.api().runs().setOutput(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().writeRun(run));
    }

    static Answer relayMessage(Call call) {
        RelayMessageRequest request = call.body(RelayMessageRequest.class);
        RelayResult relayed = call.api().runs().relayMessage(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().writeRelayResult(relayed));
    }
}
