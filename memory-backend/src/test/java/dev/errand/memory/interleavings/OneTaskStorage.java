package dev.errand.memory.interleavings;

import dev.errand.memory.InMemoryBackend;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestRuns;
import dev.errand.tck.TestTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A storage with one task, on a clock that does not advance, with reproducible ids. */
final class OneTaskStorage {

    static final ProjectId PROJECT = ProjectId.of(7);
    static final ProjectScope SCOPE = ProjectScope.everyProject();
    static final Instant NOW = Instant.parse("2026-05-06T09:00:00Z");
    static final Duration LEASE = Duration.ofSeconds(30);

    final TestClock clock = TestClock.at(NOW);
    final Backend backend = InMemoryBackend.create(clock);
    final Task task;

    OneTaskStorage() {
        InsertResult<Task> insertion =
                TestTasks.insertTask(backend.tasks(), PROJECT, aTask(0), Optional.empty());
        task = ((InsertResult.Inserted<Task>) insertion).value();
    }

    static NewTask aTask(int number) {
        return TestTasks.aTask().withId(TaskId.of(new UUID(1, number))).createdAt(NOW).build();
    }

    /** Returns a run that waits for its launch. A higher number means a later run. */
    TestRuns aRun(int number) {
        Instant at = NOW.minusSeconds(10L - number);
        return TestRuns.aRun(task).withId(RunId.of(new UUID(2, number))).createdAt(at).queuedAt(at);
    }

    StoredRun insert(NewRun run) {
        RunInsertResult insertion = backend.runs().insert(PROJECT, run, Optional.empty());
        return new StoredRun(
                ((RunInsertResult.Inserted) insertion).task().latestRun().orElseThrow(),
                run.entry());
    }

    /** Returns a change that ends a run in the given version. */
    static RunChange end(StoredRun run, RunStatus status) {
        Run ended = run.run().change(NOW).endedWith(status, EndReason.REPORTED).build();
        return RunChange.of(run, StoredRun.withoutEntry(ended));
    }

    /** Returns the lease of the n-th claim of a run, where n is the token. */
    static Lease lease(StoredRun run, int token) {
        return new Lease(PROJECT, run.id(), "node", token, NOW.plus(LEASE));
    }

    static ClaimRequest claim(int max) {
        return new ClaimRequest("node", max, LEASE);
    }
}
