package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aFullTask;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.errand.spi.JsonText;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.BackendCapability;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for {@link BackendCapability#DURABLE}: all acknowledged writes are present after
 * all nodes were closed and others opened (docs/invariants.md#i7). The tests are skipped for
 * backends that do not declare the capability.
 */
public abstract class DurabilityContract extends StorageContract {

    /** Constructor for subclasses. */
    protected DurabilityContract() {}

    /** Skips the tests for a backend that does not declare durability. */
    @BeforeEach
    public void durabilityIsADeclaredCapability() {
        assumeTrue(
                node.capabilities().contains(BackendCapability.DURABLE),
                "the backend is not durable");
    }

    /** docs/invariants.md#i7: tasks, latest runs and the next task number. */
    @Test
    public void tasksAndRunsSurviveARestart() {
        Task task = insert(aFullTask());
        StoredRun run = insert(aRun(task).queuedAt(clock.instant()));
        StoredRun ended = end(run, RunStatus.COMPLETED);
        restart();

        assertThat(node.tasks().find(PROJECT, task.id()))
                .contains(new TaskWithLatestRun(task, Optional.of(ended.run())));
        assertThat(insert(aTask()).number()).isEqualTo(task.number() + 1);
    }

    /**
     * docs/invariants.md#i7, docs/wire/idempotency-and-limits.md#j29: a retry is recognized if the
     * first request was before the restart.
     */
    @Test
    public void storedAnswersSurviveARestart() {
        Task task =
                inserted(
                        TestTasks.insertTask(
                                node.tasks(), PROJECT, aTask().build(), key("k", "h")));
        restart();

        assertThat(TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), key("k", "h")))
                .isEqualTo(new InsertResult.Replayed<>(task));
    }

    /**
     * docs/invariants.md#i6, docs/architecture.md#w2: queue entries keep their owners, and no token
     * is reused.
     */
    @Test
    public void leasesAndQueueEntriesSurviveARestart() {
        Task task = insert(aTask());
        insert(aRun(task).queuedAt(clock.instant()));
        ClaimedRun claimed = claimOne();
        StoredRun waiting = insert(aRun(task).queuedAt(clock.instant()));
        restart();

        assertThat(claimOne().stored()).isEqualTo(waiting);
        assertThat(node.queue().renew(List.of(claimed.lease()), LEASE).get(0)).isPresent();
        clock.advance(LEASE);
        assertThat(claimAll())
                .filteredOn(again -> again.stored().equals(claimed.stored()))
                .singleElement()
                .satisfies(
                        again ->
                                assertThat(again.lease().token())
                                        .isGreaterThan(claimed.lease().token()));
    }

    /**
     * docs/wire/artifacts.md#h, docs/wire/logs.md#i5, docs/wire/user-authorship.md#e4: staged
     * artifacts, logs and secrets are kept.
     */
    @Test
    public void uploadsLogsAndSecretsSurviveARestart() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task));
        StagedArtifact staged = stage(task);
        JsonText line = JsonText.of("{\"text\":\"before\"}");
        LogEntry entry = new LogEntry(line, Optional.of("1"));
        node.log().append(PROJECT, run.id(), Optional.empty(), List.of(entry), Optional.empty());
        Map<String, Secret> secrets = Map.of("token", Secret.of("s"));
        node.secrets().put(PROJECT, run.id(), secrets, clock.instant().plus(LEASE));
        restart();

        assertThat(node.staging().find(PROJECT, task.id(), List.of(staged.artifact().id())))
                .containsExactly(staged);
        node.log().append(PROJECT, run.id(), Optional.empty(), List.of(entry), Optional.empty());
        assertThat(node.log().read(PROJECT, run.id(), LogFilter.ALL, 0, 10))
                .extracting(StoredLogEntry::json)
                .containsExactly(line);
        assertThat(node.secrets().find(PROJECT, run.id())).isEqualTo(secrets);
    }
}
