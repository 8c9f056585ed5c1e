package dev.errand.spring.boot;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.WorkerPool;
import dev.errand.error.NotFoundException;
import dev.errand.run.RunDescription;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.task.TaskId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * The actuator endpoint {@code errand}, for operators. It only reads, and shows no content of tasks
 * and runs.
 */
@Endpoint(id = "errand")
final class ErrandEndpoint {

    private final Errand errand;
    private final Backend backend;
    private final ObjectProvider<Dispatcher> dispatcher;
    private final ObjectProvider<WorkerPool> pool;

    ErrandEndpoint(
            Errand errand,
            Backend backend,
            ObjectProvider<Dispatcher> dispatcher,
            ObjectProvider<WorkerPool> pool) {
        this.errand = errand;
        this.backend = backend;
        this.dispatcher = dispatcher;
        this.pool = pool;
    }

    /** Returns the backlog of the queue, and what this process executes. */
    @ReadOperation
    Map<String, Object> queue() {
        QueueDepth depth = backend.queue().depth(ProjectScope.everyProject());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("waiting", depth.waiting());
        depth.waitingSince().ifPresent(it -> body.put("waitingSince", it.toString()));
        body.put("unattended", depth.unattended());
        dispatcher.ifAvailable(it -> body.put("supervisedRuns", it.supervisedRuns()));
        pool.ifAvailable(it -> body.put("runningHandlers", it.runningHandlers()));
        return body;
    }

    /** Returns why a run is in its state, or null if there is no such run. */
    @ReadOperation
    @Nullable Map<String, Object> run(
            @Selector long project, @Selector String task, @Selector String run) {
        Optional<TaskId> taskId = TaskId.parse(task);
        Optional<RunId> runId = RunId.parse(run);
        if (project < 0 || taskId.isEmpty() || runId.isEmpty()) {
            return null;
        }
        try {
            return body(
                    errand.project(ProjectId.of(project), Caller.host())
                            .runs()
                            .describe(taskId.get(), runId.get()));
        } catch (NotFoundException none) {
            return null;
        }
    }

    private static Map<String, Object> body(RunDescription description) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", description.run().status().wire());
        body.put("reason", description.reason().name().toLowerCase(Locale.ROOT));
        body.put("sentence", description.sentence());
        body.put("next", description.next());
        description.nextAt().ifPresent(it -> body.put("nextAt", it.toString()));
        description.lease().ifPresent(it -> body.put("node", it.owner()));
        return body;
    }
}
