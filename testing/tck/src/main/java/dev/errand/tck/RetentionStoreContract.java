package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskSelection;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link RetentionStore} (docs/wire/artifacts.md#h7,
 * docs/wire/guarantees.md#j5, docs/invariants.md#i14).
 */
public abstract class RetentionStoreContract extends StorageContract {

    private static final Duration MICROSECOND = Duration.ofNanos(1_000);
    private static final Duration YEAR = Duration.ofDays(365);

    /** Constructor for subclasses. */
    protected RetentionStoreContract() {}

    // --- selection of tasks

    /** {@code DeletedBefore}: erases tasks that were deleted before the time, not at the time. */
    @Test
    public void aDeletedTaskIsErasedAfterTheGivenTime() {
        Task task = insert(aTask());
        StoredRun run = end(insert(aRun(task)), RunStatus.COMPLETED);
        Task live = insert(aTask());
        delete(task);
        Instant deletedAt = clock.instant();

        assertThat(erase(new TaskSelection.DeletedBefore(deletedAt))).isEqualTo(ErasedData.NOTHING);
        assertThat(isStored(run)).isTrue();

        ErasedData erased = erase(new TaskSelection.DeletedBefore(deletedAt.plus(MICROSECOND)));

        assertThat(erased).isEqualTo(new ErasedData(1, 1, 0, 0, 0, 0, 0, Optional.of(deletedAt)));
        assertThat(isStored(run)).isFalse();
        assertThat(node.tasks().find(PROJECT, live.id())).isPresent();
    }

    /** {@code DeletedBefore}: the tasks of all projects are erased. */
    @Test
    public void deletedTasksOfAllProjectsAreErased() {
        delete(insert(aTask()));
        delete(insert(OTHER_PROJECT, aTask()));
        clock.tick();

        assertThat(erase(new TaskSelection.DeletedBefore(clock.instant())).tasks()).isEqualTo(2);
    }

    /** {@code eraseTasks}: a run that has a queue entry keeps its task, however old it is. */
    @Test
    public void aTaskWithAQueuedRunIsNeverErased() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task).queuedAt(clock.instant()));
        delete(task);
        clock.advance(YEAR);

        assertThat(everySelection(task)).allMatch(each -> erase(each).equals(ErasedData.NOTHING));
        assertThat(isStored(run)).isTrue();

        end(run, RunStatus.CANCELLED);
        assertThat(erase(new TaskSelection.Single(PROJECT, task.id())).runs()).isEqualTo(1);
        assertThat(isStored(run)).isFalse();
    }

    private List<TaskSelection> everySelection(Task task) {
        List<TaskSelection> all = new ArrayList<>();
        all.add(new TaskSelection.DeletedBefore(clock.instant()));
        all.add(new TaskSelection.Single(task.project(), task.id()));
        all.add(new TaskSelection.OfProject(task.project()));
        for (RunStatus status : RunStatus.values()) {
            if (status.isTerminal()) {
                all.add(new TaskSelection.EndedBefore(status, clock.instant()));
            }
        }
        return all;
    }

    /** {@code EndedBefore}: only the given status of the latest run counts. */
    @Test
    public void anEndedTaskIsErasedByStatusAndAge() {
        StoredRun completed = end(insert(aRun(insert(aTask()))), RunStatus.COMPLETED);
        StoredRun failed = end(insert(aRun(insert(aTask()))), RunStatus.FAILED);
        Instant endedAt = clock.instant();
        clock.tick();
        StoredRun later = insert(aRun(insert(aTask())));
        StoredRun justNow = end(later, RunStatus.COMPLETED);

        assertThat(erase(new TaskSelection.EndedBefore(RunStatus.COMPLETED, endedAt)))
                .isEqualTo(ErasedData.NOTHING);
        assertThat(erase(new TaskSelection.EndedBefore(RunStatus.COMPLETED, clock.instant())))
                .isEqualTo(new ErasedData(1, 1, 0, 0, 0, 0, 0, Optional.of(endedAt)));

        assertThat(isStored(completed)).isFalse();
        assertThat(isStored(failed)).isTrue();
        assertThat(isStored(justNow)).isTrue();
    }

    /** {@code EndedBefore}: a newer run or an open older one keeps the task. */
    @Test
    public void aTaskWithAnOpenRunHasNotEnded() {
        Task restarted = insert(aTask());
        end(insert(aRun(restarted)), RunStatus.COMPLETED);
        StoredRun newer = insert(aRun(restarted).createdAt(clock.instant().plusSeconds(1)));
        Task overtaken = insert(aTask());
        StoredRun older = insert(aRun(overtaken));
        end(insert(aRun(overtaken).createdAt(clock.instant().plusSeconds(1))), RunStatus.COMPLETED);
        insert(aTask());
        clock.advance(YEAR);

        assertThat(erase(new TaskSelection.EndedBefore(RunStatus.COMPLETED, clock.instant())))
                .isEqualTo(ErasedData.NOTHING);
        assertThat(isStored(newer)).isTrue();
        assertThat(isStored(older)).isTrue();
    }

    /** {@code Single}: erases a task whether it was deleted or not. */
    @Test
    public void oneTaskIsErasedInItsProjectOnly() {
        Task task = insert(aTask());
        Task other = insert(aTask());

        assertThat(erase(new TaskSelection.Single(OTHER_PROJECT, task.id())))
                .isEqualTo(ErasedData.NOTHING);
        assertThat(erase(new TaskSelection.Single(PROJECT, task.id())).tasks()).isEqualTo(1);
        assertThat(erase(new TaskSelection.Single(PROJECT, task.id())))
                .isEqualTo(ErasedData.NOTHING);
        assertThat(node.tasks().find(PROJECT, task.id())).isEmpty();
        assertThat(node.tasks().find(PROJECT, other.id())).isPresent();
    }

    /** {@code OfProject}: erases all tasks of the project, and does not use their numbers again. */
    @Test
    public void aProjectIsErasedAndItsNumbersContinue() {
        Task one = insert(aTask());
        Task two = insert(aTask().internal());
        delete(insert(aTask()));
        Task foreign = insert(OTHER_PROJECT, aTask());

        assertThat(erase(new TaskSelection.OfProject(PROJECT)).tasks()).isEqualTo(3);

        assertThat(node.tasks().find(PROJECT, one.id())).isEmpty();
        assertThat(node.tasks().find(PROJECT, two.id())).isEmpty();
        assertThat(node.tasks().find(OTHER_PROJECT, foreign.id())).isPresent();
        assertThat(insert(aTask()).number()).isEqualTo(one.number() + 3);
    }

    /** {@code eraseTasks}: at most the given number, earliest deletion first. */
    @Test
    public void theEarliestDeletionsAreErasedFirst() {
        Task second = insert(aTask());
        Task first = insert(aTask());
        Task third = insert(aTask());
        for (Task task : List.of(first, second, third)) {
            delete(task);
            clock.tick();
        }
        TaskSelection all = new TaskSelection.DeletedBefore(clock.instant());

        assertThat(node.retention().eraseTasks(all, 2).tasks()).isEqualTo(2);
        assertThat(erase(new TaskSelection.Single(PROJECT, first.id())).tasks()).isZero();
        assertThat(erase(new TaskSelection.Single(PROJECT, second.id())).tasks()).isZero();
        assertThat(node.retention().eraseTasks(all, 2).tasks()).isEqualTo(1);
        assertThat(node.retention().eraseTasks(all, 2).tasks()).isZero();
    }

    /** {@code eraseTasks}: of the tasks that have ended, the one created first is erased first. */
    @Test
    public void theEarliestCreatedEndedTasksAreErasedFirst() {
        Instant now = clock.instant();
        Task late = insert(aTask().createdAt(now.minusSeconds(1)));
        Task early = insert(aTask().createdAt(now.minusSeconds(9)));
        end(insert(aRun(late)), RunStatus.FAILED);
        end(insert(aRun(early)), RunStatus.FAILED);
        clock.tick();

        node.retention()
                .eraseTasks(new TaskSelection.EndedBefore(RunStatus.FAILED, clock.instant()), 1);

        assertThat(node.tasks().find(PROJECT, early.id())).isEmpty();
        assertThat(node.tasks().find(PROJECT, late.id())).isPresent();
    }

    /** {@code eraseTasks}: several nodes erase each task once. */
    @Test
    public void concurrentNodesEraseEachTaskOnce() {
        for (int i = 0; i < 24; i++) {
            Task task = insert(aTask());
            end(insert(aRun(task)), RunStatus.COMPLETED);
            delete(task);
        }
        clock.tick();
        TaskSelection all = new TaskSelection.DeletedBefore(clock.instant());

        List<Long> erased =
                ConcurrentCalls.of(
                        4,
                        index -> {
                            long tasks = 0;
                            for (int round = 0; round < 6; round++) {
                                tasks += nodeOf(index).retention().eraseTasks(all, 4).tasks();
                            }
                            return tasks;
                        });

        long rest = node.retention().eraseTasks(all, 100).tasks();
        assertThat(erased.stream().mapToLong(Long::longValue).sum() + rest).isEqualTo(24);
    }

    /** {@code eraseTasks}: a run is either rejected or keeps its task. */
    @Test
    public void noRunIsAddedToATaskThatIsErased() {
        for (int round = 0; round < 20; round++) {
            Task task = insert(aTask());
            NewRun run = aRun(task).queuedAt(clock.instant()).build();

            List<Object> results =
                    ConcurrentCalls.of(
                            2,
                            index ->
                                    index == 0
                                            ? node.runs().insert(PROJECT, run, Optional.empty())
                                            : otherNode
                                                    .retention()
                                                    .eraseTasks(
                                                            new TaskSelection.Single(
                                                                    PROJECT, task.id()),
                                                            1));

            boolean isInserted = results.get(0) instanceof RunInsertResult.Inserted;
            assertThat(node.runs().find(PROJECT, task.id(), run.run().id()).isPresent())
                    .isEqualTo(isInserted);
            assertThat(((ErasedData) results.get(1)).tasks()).isEqualTo(isInserted ? 0 : 1);
            assertThat(node.tasks().find(PROJECT, task.id()).isPresent()).isEqualTo(isInserted);
        }
    }

    /** {@code eraseTasks}: a run has no log any more, even if entries arrive meanwhile. */
    @Test
    public void nothingIsAppendedToTheLogOfAnErasedRun() {
        for (int round = 0; round < 20; round++) {
            Task task = insert(aTask());
            StoredRun queued = queue(insert(aRun(task)));
            StoredRun run = end(queued, RunStatus.COMPLETED);
            TaskSelection selection = new TaskSelection.Single(PROJECT, task.id());
            LogEntry entry = new LogEntry(JsonText.of("{}"), Optional.empty());

            ConcurrentCalls.of(
                    4,
                    index -> {
                        Optional<SandboxId> writer =
                                Optional.of(SandboxId.of(run.run())).filter(it -> index == 1);
                        RunLog log = nodeOf(index).log();
                        int appends = 0;
                        for (RunLog.AppendResult last = new RunLog.Appended(0, 0);
                                index > 0 && last instanceof RunLog.Appended;
                                appends++) {
                            Optional<Idempotency> key =
                                    key(run.id() + "/" + appends, "h").filter(it -> index == 2);
                            last = log.append(PROJECT, run.id(), writer, List.of(entry), key);
                        }
                        return index > 0
                                ? appends
                                : node.retention().eraseTasks(selection, 1).tasks();
                    });

            assertThat(isStored(run)).isFalse();
            assertThat(otherNode.log().read(PROJECT, run.id(), LogFilter.ALL, 0, 9)).isEmpty();
            assertThat(otherNode.log().lastAppendedAt(PROJECT, run.id())).isEmpty();
            assertThat(appendTo(run, entry)).isEqualTo(new RunLog.NotFound());
        }
    }

    // --- what belongs to a task

    /** {@code eraseTasks}: everything that belongs to the task is erased, and nothing else. */
    @Test
    public void aTaskIsErasedWithItsData() {
        Task task = insert(aTask());
        Task other = insert(aTask());
        StoredRun run = fill(task);
        StoredRun otherRun = fill(other);

        ErasedData erased = erase(new TaskSelection.Single(PROJECT, task.id()));

        assertThat(erased.runs()).isEqualTo(1);
        assertThat(erased.logs()).isEqualTo(1);
        assertThat(erased.secrets()).isEqualTo(2);
        assertThat(erased.uploads()).isEqualTo(3);
        assertThat(erased.objects()).isEqualTo(3);
        assertThat(isStored(run)).isFalse();
        assertThat(node.log().read(PROJECT, run.id(), LogFilter.ALL, 0, 10)).isEmpty();
        assertThat(node.secrets().find(PROJECT, run.id())).isEmpty();
        assertThat(isStored(otherRun)).isTrue();
        assertThat(node.log().read(PROJECT, otherRun.id(), LogFilter.ALL, 0, 10)).hasSize(1);
        assertThat(node.secrets().find(PROJECT, otherRun.id())).hasSize(2);
    }

    /** Adds a run with a manifest, a log and secrets, a staged artifact and a reservation. */
    private StoredRun fill(Task task) {
        StagedArtifact consumed = stage(task);
        StoredRun run = insert(aRun(task).consuming(consumed.artifact().id()));
        LogEntry entry = new LogEntry(JsonText.of("{\"n\":1}"), Optional.of("event"));
        appendTo(run, entry);
        Map<String, Secret> secrets = Map.of("a", Secret.of("1"), "b", Secret.of("2"));
        node.secrets().put(PROJECT, run.id(), secrets, clock.instant().plus(YEAR));
        stage(task);
        reserve(task);
        return run;
    }

    /** {@code eraseTasks}: no stored answer of the task is returned any more. */
    @Test
    public void theAnswersOfAnErasedTaskAreErased() {
        Optional<Idempotency> creation = key("creation", "a");
        Optional<Idempotency> start = key("start", "b");
        Task task =
                inserted(TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), creation));
        node.runs().insert(PROJECT, aRun(task).build(), start);
        Task other =
                inserted(
                        TestTasks.insertTask(
                                node.tasks(), PROJECT, aTask().build(), key("other", "c")));

        assertThat(node.runs().findStoredResult(PROJECT, start.get())).isPresent();

        ErasedData erased = erase(new TaskSelection.Single(PROJECT, task.id()));

        assertThat(erased.answers()).isEqualTo(2);
        assertThat(otherNode.runs().findStoredResult(PROJECT, start.get())).isEmpty();
        Task again =
                inserted(TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), creation));
        assertThat(again.id()).isNotEqualTo(task.id());
        assertThat(TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), key("other", "c")))
                .isInstanceOf(InsertResult.Replayed.class);
        assertThat(node.tasks().find(PROJECT, other.id())).isPresent();
    }

    /** {@code listObjectDeletions}: the objects of an erased task are listed until confirmed. */
    @Test
    public void theObjectsOfAnErasedTaskAreListedUntilTheyAreDeleted() {
        Task task = insert(aTask());
        Artifact consumed = stage(task).artifact();
        end(insert(aRun(task).consuming(consumed.id())), RunStatus.COMPLETED);
        Artifact staged = stage(task).artifact();
        Reservation reserved = reserve(task);
        stage(insert(aTask()));
        assertThat(objects(10)).isEmpty();

        erase(new TaskSelection.Single(PROJECT, task.id()));

        List<StoredObject> objects = otherNode.retention().listObjectDeletions(10);
        assertThat(objects)
                .containsExactlyInAnyOrder(
                        new StoredObject(PROJECT, consumed.storagePath()),
                        new StoredObject(PROJECT, staged.storagePath()),
                        new StoredObject(PROJECT, reserved.storagePath()));
        assertThat(objects(2)).hasSize(2);

        node.retention().removeObjectDeletions(objects.subList(0, 2));
        node.retention().removeObjectDeletions(objects.subList(0, 2));
        assertThat(objects(10)).containsExactly(objects.get(2));
        node.retention().removeObjectDeletions(objects);
        assertThat(objects(10)).isEmpty();
    }

    /** {@code removeObjectDeletions}: keys of other projects remain. */
    @Test
    public void anObjectDeletionIsRemovedInItsProjectOnly() {
        Task task = insert(aTask());
        String key = stage(task).artifact().storagePath();
        erase(new TaskSelection.Single(PROJECT, task.id()));

        node.retention().removeObjectDeletions(List.of(new StoredObject(OTHER_PROJECT, key)));

        assertThat(objects(10)).containsExactly(new StoredObject(PROJECT, key));
    }

    // --- logs

    /** {@code eraseLogs}: erases logs of runs that ended before the time, and keeps the runs. */
    @Test
    public void aLogIsDeletedAfterItsRunEnded() {
        StoredRun open = withLog(insert(aRun(insert(aTask()))));
        StoredRun ended = end(withLog(insert(aRun(insert(aTask())))), RunStatus.COMPLETED);
        Instant endedAt = clock.instant();
        clock.tick();
        StoredRun later = end(withLog(insert(aRun(insert(aTask())))), RunStatus.FAILED);

        assertThat(node.retention().eraseLogs(endedAt, 10)).isEqualTo(ErasedData.NOTHING);
        assertThat(node.retention().eraseLogs(clock.instant(), 10))
                .isEqualTo(new ErasedData(0, 0, 1, 0, 0, 0, 0, Optional.of(endedAt)));

        assertThat(isStored(ended)).isTrue();
        assertThat(otherNode.log().read(PROJECT, ended.id(), LogFilter.ALL, 0, 10)).isEmpty();
        assertThat(otherNode.log().read(PROJECT, open.id(), LogFilter.ALL, 0, 10)).hasSize(1);
        assertThat(otherNode.log().read(PROJECT, later.id(), LogFilter.ALL, 0, 10)).hasSize(1);
        assertThat(node.retention().eraseLogs(clock.instant(), 10)).isEqualTo(ErasedData.NOTHING);
    }

    /** {@code eraseLogs}: at most the given number of logs. */
    @Test
    public void theNumberOfDeletedLogsIsLimited() {
        for (int i = 0; i < 3; i++) {
            end(withLog(insert(aRun(insert(aTask())))), RunStatus.COMPLETED);
        }
        clock.tick();

        assertThat(node.retention().eraseLogs(clock.instant(), 2).logs()).isEqualTo(2);
        assertThat(node.retention().eraseLogs(clock.instant(), 2).logs()).isEqualTo(1);
    }

    private StoredRun withLog(StoredRun run) {
        appendTo(run, new LogEntry(JsonText.of("{\"n\":1}"), Optional.empty()));
        return run;
    }

    private RunLog.AppendResult appendTo(StoredRun run, LogEntry entry) {
        return node.log()
                .append(PROJECT, run.id(), Optional.empty(), List.of(entry), Optional.empty());
    }

    // --- expired data

    /** docs/wire/artifacts.md#h7: the objects of expired uploads are listed once. */
    @Test
    public void expiredUploadsAreDeletedWithTheirObjects() {
        Task task = insert(aTask());
        Task foreign = insert(OTHER_PROJECT, aTask());
        Reservation abandoned = reserve(task);
        Artifact staged = stage(task).artifact();
        Artifact elsewhere = stage(foreign).artifact();
        Instant expiry = clock.instant().plus(TestArtifacts.RESERVED_FOR);
        clock.advance(TestArtifacts.STAGED_FOR);
        Reservation live = reserve(task);

        ErasedData erased = node.retention().eraseExpired(10);

        assertThat(erased).isEqualTo(new ErasedData(0, 0, 0, 0, 3, 0, 3, Optional.of(expiry)));
        assertThat(objects(10))
                .containsExactlyInAnyOrder(
                        new StoredObject(PROJECT, abandoned.storagePath()),
                        new StoredObject(PROJECT, staged.storagePath()),
                        new StoredObject(OTHER_PROJECT, elsewhere.storagePath()));
        assertThat(otherNode.retention().eraseExpired(10)).isEqualTo(ErasedData.NOTHING);
        assertThat(node.staging().findReservation(PROJECT, task.id(), live.id())).isPresent();
    }

    /** docs/wire/artifacts.md#h7: an upload is kept until exactly its expiry. */
    @Test
    public void anUploadIsKeptUntilItExpires() {
        Reservation reservation = reserve(insert(aTask()));

        clock.set(reservation.expiresAt().minus(MICROSECOND));
        assertThat(node.retention().eraseExpired(10)).isEqualTo(ErasedData.NOTHING);
        clock.set(reservation.expiresAt());
        assertThat(node.retention().eraseExpired(10).uploads()).isEqualTo(1);
    }

    /** {@code eraseExpired}: at most the given number of uploads. */
    @Test
    public void theNumberOfDeletedUploadsIsLimited() {
        Task task = insert(aTask());
        IntStream.range(0, 5).forEach(i -> reserve(task));
        clock.advance(TestArtifacts.RESERVED_FOR);

        assertThat(node.retention().eraseExpired(3).uploads()).isEqualTo(3);
        assertThat(node.retention().eraseExpired(3).uploads()).isEqualTo(2);
        assertThat(objects(10)).hasSize(5);
    }

    /** docs/wire/guarantees.md#j5: the object of an artifact that a run consumed is kept. */
    @Test
    public void theObjectOfAConsumedArtifactIsKept() {
        Task task = insert(aTask());
        insert(aRun(task).consuming(stage(task).artifact().id()));
        clock.advance(YEAR);

        assertThat(node.retention().eraseExpired(10).uploads()).isEqualTo(1);
        assertThat(objects(10)).isEmpty();
    }

    /** docs/wire/guarantees.md#j5: an object that the manifest of a run names is kept. */
    @Test
    public void theObjectOfAnUploadToARunIsKept() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task));
        Reservation reservation = reserve(task);
        Artifact artifact = TestArtifacts.finalised(reservation, clock.instant()).artifact();
        change(run, edit -> edit.artifacts(List.of(artifact)));
        delete(task);
        clock.advance(YEAR);

        assertThat(node.retention().eraseExpired(10).uploads()).isEqualTo(1);
        assertThat(objects(10)).isEmpty();
    }

    /** {@code eraseExpired}: secrets and stored answers are erased when they have expired. */
    @Test
    public void expiredSecretsAndAnswersAreDeleted() {
        Instant start = clock.instant();
        RunId run = insert(aRun(insert(aTask()))).id();
        Map<String, Secret> secrets = Map.of("a", Secret.of("1"));
        TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), key("creation", "a"));
        node.secrets().put(PROJECT, run, secrets, start.plus(Idempotency.KEPT_FOR));
        clock.set(start.plus(Idempotency.KEPT_FOR).minus(MICROSECOND));
        assertThat(node.retention().eraseExpired(10)).isEqualTo(ErasedData.NOTHING);

        clock.set(start.plus(Idempotency.KEPT_FOR));

        assertThat(node.retention().eraseExpired(10))
                .isEqualTo(new ErasedData(0, 0, 0, 1, 0, 1, 0, Optional.of(clock.instant())));
    }

    private ErasedData erase(TaskSelection selection) {
        return node.retention().eraseTasks(selection, 100);
    }

    private boolean isStored(StoredRun run) {
        return otherNode
                .runs()
                .findIncludingDeleted(run.project(), run.task(), run.id())
                .isPresent();
    }

    private Reservation reserve(Task task) {
        Reservation reservation = TestArtifacts.aReservation(task, clock.instant());
        node.staging().reserve(task.project(), List.of(reservation));
        return reservation;
    }

    private List<StoredObject> objects(int max) {
        return node.retention().listObjectDeletions(max);
    }
}
