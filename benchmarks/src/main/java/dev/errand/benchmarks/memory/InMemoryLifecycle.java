package dev.errand.benchmarks.memory;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.benchmarks.host.ProjectHost;
import dev.errand.dispatch.Worker;
import dev.errand.memory.InMemoryBackend;
import dev.errand.spi.JsonText;
import dev.errand.spi.UserId;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Units of work in the memory of one process and in one project: create a task with a queued run,
 * claim the run that has waited longest, and complete it. After {@value SampleRequests#MAX_TASKS}
 * tasks a new store replaces the old one. All sides use a heap with large pages, because address
 * translation with 4 kB pages costs each a fifth of its speed.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 3,
        jvmArgsAppend = {
            "-Xms6g",
            "-Xmx6g",
            "-Xmn5g",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseTransparentHugePages",
            "-XX:+UseParallelGC",
            "-Dorg.jboss.logging.provider=slf4j",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class InMemoryLifecycle {

    /** The state of one thread. */
    @State(Scope.Thread)
    public static class Asking {
        private final SampleRequests scripts = new SampleRequests();
    }

    /** The baseline. */
    @State(Scope.Benchmark)
    public static class ByHand {
        private volatile BaselineStore store = new BaselineStore();
    }

    /** Errand, with one client per creator. */
    @State(Scope.Benchmark)
    public static class InErrand {
        private volatile Opened opened = new Opened();
    }

    private static final class Opened {
        private final InMemoryBackend backend;
        private final Worker worker;
        private final ProjectClient[] creators = new ProjectClient[SampleRequests.CREATORS];

        private Opened() {
            ProjectHost project = new ProjectHost();
            backend = project.backend();
            worker =
                    project.errand()
                            .worker(
                                    SampleRequests.SCOPE,
                                    SampleRequests.OWNER,
                                    SampleRequests.LEASE);
            for (int i = 0; i < creators.length; i++) {
                creators[i] = project.as(Caller.user(UserId.of(i)));
            }
        }
    }

    /** The baseline. */
    @Benchmark
    public Object byHand(ByHand state, Asking asking) {
        BaselineStore store = state.store;
        SampleRequests.SampleRequest script = asking.scripts.next();
        BaselineStore.TaskRow task =
                store.create(
                        script.title(),
                        script.description(),
                        script.origin(),
                        script.repository(),
                        script.creator());
        if (task.number() == SampleRequests.MAX_TASKS) {
            state.store = new BaselineStore();
        }
        store.run(task.id(), "background");
        BaselineStore.RunRow claimed = store.claim(SampleRequests.OWNER, SampleRequests.LEASE);
        while (claimed == null) {
            claimed = store.claim(SampleRequests.OWNER, SampleRequests.LEASE);
        }
        return store.complete(claimed.id());
    }

    /** The engine, as called by a host that executes runs itself. */
    @Benchmark
    public Object engine(InErrand state, Asking asking) {
        Opened opened = state.opened;
        SampleRequests.SampleRequest script = asking.scripts.next();
        ProjectClient creator = opened.creators[script.creator()];
        TaskWithLatestRun queued =
                creator.tasks().createAndRun(script.request(), SampleRequests.RUN);
        if (queued.task().number() == SampleRequests.MAX_TASKS) {
            state.opened = new Opened();
        }
        List<ClaimedRun> claimed = opened.worker.claim(1);
        while (claimed.isEmpty()) {
            claimed = opened.worker.claim(1);
        }
        return opened.worker.settle(
                List.of(new Worker.Result(claimed.get(0), SampleRequests.COMPLETED)));
    }

    /** The storage ports. */
    @Benchmark
    public Object ports(InErrand state, Asking asking) {
        Opened opened = state.opened;
        InMemoryBackend backend = opened.backend;
        Task task = insert(backend, asking.scripts.next());
        if (task.number() == SampleRequests.MAX_TASKS) {
            state.opened = new Opened();
        }
        RunInsertResult queued =
                backend.runs().insert(ProjectHost.PROJECT, run(task), Optional.empty());
        ClaimedRun claimed = claim(backend);
        RunUpdateResult completed = backend.runs().update(ProjectHost.PROJECT, completion(claimed));
        return queued instanceof RunInsertResult.Inserted ? completed : queued;
    }

    private static ClaimedRun claim(InMemoryBackend backend) {
        while (true) {
            List<ClaimedRun> claimed =
                    backend.queue().claim(SampleRequests.SCOPE, SampleRequests.CLAIM_ONE);
            if (!claimed.isEmpty()) {
                return claimed.get(0);
            }
        }
    }

    private static Task insert(InMemoryBackend backend, SampleRequests.SampleRequest script) {
        Instant now = Instant.now();
        TaskDetails details =
                new TaskDetails(
                        script.title(),
                        true,
                        script.description(),
                        script.origin(),
                        Optional.of(script.repository()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty());
        NewTask task =
                new NewTask(
                        TaskId.of(TimeOrderedIds.next(now)),
                        details,
                        Optional.of(UserId.of(script.creator())),
                        now,
                        Optional.empty());
        InsertResult<List<TaskWithLatestRun>> result =
                backend.tasks()
                        .insert(
                                ProjectHost.PROJECT,
                                List.of(TaskInsertion.of(task)),
                                Optional.empty());
        return ((InsertResult.Inserted<List<TaskWithLatestRun>>) result).value().get(0).task();
    }

    private static NewRun run(Task task) {
        Instant now = Instant.now();
        Run run =
                new Run(
                        ProjectHost.PROJECT,
                        task.id(),
                        RunId.of(TimeOrderedIds.next(now)),
                        1,
                        RunStatus.QUEUED,
                        RunEnvironment.CLOUD,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        JsonText.of("{\"mode\":\"" + "background" + "\"}"),
                        List.of(),
                        1,
                        Optional.empty(),
                        now,
                        now,
                        Optional.empty());
        return new NewRun(new StoredRun(run, Optional.of(QueueEntry.queued(now))), List.of());
    }

    private static RunChange completion(ClaimedRun claimed) {
        Run.Builder edit = claimed.run().change(Instant.now());
        Run after = edit.endedWith(RunStatus.COMPLETED, EndReason.REPORTED).build();
        return RunChange.of(claimed.stored(), StoredRun.withoutEntry(after))
                .withLease(claimed.lease());
    }
}
