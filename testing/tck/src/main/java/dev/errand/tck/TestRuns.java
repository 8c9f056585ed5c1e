package dev.errand.tck;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Runs for tests: {@code aRun(task).queuedAt(now).build()}. What a test does not name is as plain
 * as it can be: recorded and not started, created with its task, under a new id. Not thread-safe.
 */
public final class TestRuns {

    private final Task task;
    private RunId id = RunId.of(UUID.randomUUID());
    private RunStatus status = RunStatus.NOT_STARTED;
    private Optional<String> stage = Optional.empty();
    private Optional<String> branch = Optional.empty();
    private JsonText state = JsonText.of("{\"mode\":\"background\"}");
    private DispatchState dispatch = DispatchState.NOT_REQUESTED;
    private Instant createdAt;
    private List<ArtifactId> consumes = List.of();

    /** Settles runs and claims none. */
    public static List<RunUpdateResult> settle(RunQueue queue, List<Settlement> settlements) {
        ClaimRequest none = new ClaimRequest("node-1", 0, Duration.ofSeconds(30));
        return queue.settleAndClaim(settlements, ProjectScope.everyProject(), none).settled();
    }

    private TestRuns(Task task) {
        this.task = task;
        this.createdAt = task.createdAt();
    }

    /** A run of the task, recorded only: nothing is owed to it. */
    public static TestRuns aRun(Task task) {
        return new TestRuns(task);
    }

    /** The same with this id. */
    public TestRuns withId(RunId chosen) {
        id = Objects.requireNonNull(chosen, "chosen");
        return this;
    }

    /** The same in this stage. */
    public TestRuns withStage(String chosen) {
        stage = Optional.of(chosen);
        return this;
    }

    /** The same on this branch. */
    public TestRuns withBranch(String chosen) {
        branch = Optional.of(chosen);
        return this;
    }

    /** The same with this state document. */
    public TestRuns withState(String json) {
        state = JsonText.of(json);
        return this;
    }

    /** The same, created at this time. */
    public TestRuns createdAt(Instant time) {
        createdAt = Objects.requireNonNull(time, "time");
        return this;
    }

    /** The same, owed a sandbox from this time on. */
    public TestRuns queuedAt(Instant time) {
        status = RunStatus.QUEUED;
        dispatch = DispatchState.NOT_REQUESTED.queued(time);
        return this;
    }

    /** The same on these terms; to be said after what it is owed. */
    public TestRuns withScheduling(int priority, RunTimeouts timeouts) {
        dispatch = dispatch.withScheduling(priority, timeouts);
        return this;
    }

    /** The same, with these staged artifacts as its manifest. */
    public TestRuns consuming(ArtifactId... ids) {
        consumes = List.of(ids);
        return this;
    }

    /** The run, to be inserted. */
    public NewRun build() {
        return new NewRun(
                new Run(
                        task.project(),
                        task.id(),
                        id,
                        1,
                        status,
                        RunEnvironment.CLOUD,
                        stage,
                        branch,
                        Optional.empty(),
                        Optional.empty(),
                        state,
                        List.of(),
                        dispatch,
                        Optional.empty(),
                        createdAt,
                        createdAt,
                        Optional.empty()),
                consumes);
    }
}
