package dev.errand.http;

import dev.errand.run.CreateRun;
import dev.errand.run.RelayMessage;
import dev.errand.run.Relayed;
import dev.errand.run.SetOutput;
import dev.errand.run.StartRun;
import dev.errand.run.UpdateRun;
import dev.errand.spi.Page;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.TaskWithRun;

/** The operations on runs (contract D9, D10, I1 to I4, I12). */
final class RunOperations {

    private RunOperations() {}

    static Answer list(Call call) {
        Paging paging = call.paging(call.query());
        Page<Run> page = call.api().runs().list(call.task(), paging.page());
        return Answer.ok(
                call.api().wire().runs(page, paging.next(page.total()), paging.previous()));
    }

    static Answer create(Call call) {
        CreateRun request = call.body(CreateRun.class);
        Run run = call.api().runs().create(call.task(), request, call.idempotencyKey());
        return Answer.created(call.api().wire().run(run));
    }

    static Answer retrieve(Call call) {
        Run run = call.api().runs().get(call.task(), call.run());
        return Answer.ok(call.api().wire().run(run));
    }

    static Answer update(Call call) {
        UpdateRun request = call.body(UpdateRun.class);
        Run run = call.api().runs().update(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().run(run));
    }

    static Answer start(Call call) {
        StartRun request = call.body(StartRun.class);
        TaskWithRun task =
                call.api().runs().start(call.task(), call.run(), request, call.idempotencyKey());
        return Answer.ok(call.api().wire().task(task));
    }

    static Answer setOutput(Call call) {
        SetOutput request = call.body(SetOutput.class);
        Run run = call.api().runs().setOutput(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().run(run));
    }

    static Answer relayMessage(Call call) {
        RelayMessage request = call.body(RelayMessage.class);
        Relayed relayed = call.api().runs().relayMessage(call.task(), call.run(), request);
        return Answer.ok(call.api().wire().relayed(relayed));
    }
}
