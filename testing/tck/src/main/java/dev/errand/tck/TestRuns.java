package dev.errand.tck;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.QueueEntry;
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
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A builder for runs in tests: {@code aRun(task).queuedAt(now).build()}. By default a run has a new
 * id and the creation time of its task, has not started, and has no optional values. Not
 * thread-safe.
 */
public final class TestRuns {

    private final Task task;
    private RunId id = RunId.of(UUID.randomUUID());
    private RunStatus status = RunStatus.NOT_STARTED;
    private Optional<String> stage = Optional.empty();
    private Optional<String> branch = Optional.empty();
    private JsonText state = JsonText.of("{\"mode\":\"background\"}");
    private Optional<QueueEntry> entry = Optional.empty();
    private Instant createdAt;
    private List<ArtifactId> consumes = List.of();

    /** Settles runs without claiming any. */
    public static List<RunUpdateResult> settle(RunQueue queue, List<Settlement> settlements) {
        ClaimRequest none = new ClaimRequest("node-1", 0, Duration.ofSeconds(30));
        return queue.settleAndClaim(settlements, ProjectScope.everyProject(), none).settled();
    }

    private TestRuns(Task task) {
        this.task = task;
        this.createdAt = task.createdAt();
    }

    /** Returns a builder for a run of the task that has no queue entry. */
    public static TestRuns aRun(Task task) {
        return new TestRuns(task);
    }

    /** Sets the id. */
    public TestRuns withId(RunId chosen) {
        id = Objects.requireNonNull(chosen, "chosen");
        return this;
    }

    /** Sets the stage. */
    public TestRuns withStage(String chosen) {
        stage = Optional.of(chosen);
        return this;
    }

    /** Sets the branch. */
    public TestRuns withBranch(String chosen) {
        branch = Optional.of(chosen);
        return this;
    }

    /** Sets the state document. */
    public TestRuns withState(String json) {
        state = JsonText.of(json);
        return this;
    }

    /** Sets the creation time. */
    public TestRuns createdAt(Instant time) {
        createdAt = Objects.requireNonNull(time, "time");
        return this;
    }

    /** Queues the run for launch at the given time. */
    public TestRuns queuedAt(Instant time) {
        status = RunStatus.QUEUED;
        entry = Optional.of(QueueEntry.queued(time));
        return this;
    }

    /** Sets priority and timeouts. Must be called after {@link #queuedAt}. */
    public TestRuns withScheduling(int priority, RunTimeouts timeouts) {
        Instant queuedAt = entry.orElseThrow().queuedAt();
        entry = Optional.of(QueueEntry.queued(queuedAt, priority, timeouts));
        return this;
    }

    /** Sets the staged artifacts that the run consumes. */
    public TestRuns consuming(ArtifactId... ids) {
        consumes = List.of(ids);
        return this;
    }

    /** Builds the run for an insert. */
    public NewRun build() {
        Run run =
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
                        entry.isPresent() ? 1 : 0,
                        Optional.empty(),
                        createdAt,
                        createdAt,
                        Optional.empty());
        return new NewRun(new StoredRun(run, entry), consumes);
    }
}
