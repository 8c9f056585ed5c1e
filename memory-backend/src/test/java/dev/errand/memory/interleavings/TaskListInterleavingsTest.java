package dev.errand.memory.interleavings;

import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.UserId;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.tck.TestTasks;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * docs/invariants.md#i9: {@code list} agrees with {@code find}; tasks inserted together become
 * visible together, and a task is never missing while it is updated. Only ids are compared, since
 * the order of numbers may differ from the order of visibility. Each id is used once, as an
 * insertion requires.
 */
@Param(name = "n", gen = IntGen.class, conf = "0:5")
public class TaskListInterleavingsTest {

    private static final long CREATOR = 31;
    private static final TaskFilter OF_THE_CREATOR =
            new TaskFilter(
                    false,
                    Optional.of(UserId.of(CREATOR)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private final OneTaskStorage storage = new OneTaskStorage();
    private final TaskStore tasks = storage.backend.tasks();

    @Operation(runOnce = true)
    public void insertOne() {
        TestTasks.insertTask(
                tasks, OneTaskStorage.PROJECT, OneTaskStorage.aTask(1), Optional.empty());
    }

    @Operation(runOnce = true)
    public Object insertTwo() {
        return ids(TestTasks.insertTasks(tasks, OneTaskStorage.PROJECT, List.of(work(2), work(3))));
    }

    @Operation(runOnce = true)
    public Object insertTwoOthers() {
        return ids(TestTasks.insertTasks(tasks, OneTaskStorage.PROJECT, List.of(work(4), work(5))));
    }

    @Operation
    public Object rename() {
        return tasks.update(
                OneTaskStorage.PROJECT,
                storage.task.withDetails(
                        TestTasks.aTask().withTitle("one").details(), OneTaskStorage.NOW));
    }

    @Operation
    public Object delete() {
        return tasks.update(OneTaskStorage.PROJECT, storage.task.markDeleted(OneTaskStorage.NOW));
    }

    @Operation
    public boolean find(@Param(name = "n") int n) {
        return tasks.find(OneTaskStorage.PROJECT, TaskId.of(new UUID(1, n))).isPresent();
    }

    @Operation
    public Object list() {
        return page(TaskFilter.DEFAULT);
    }

    @Operation
    public Object listOfTheCreator() {
        return page(OF_THE_CREATOR);
    }

    @Operation
    public Object listAfter() {
        return ids(
                tasks.listAfter(OneTaskStorage.PROJECT, TaskFilter.DEFAULT, Optional.empty(), 2));
    }

    @Test
    void listsAreLinearizable() {
        Interleavings.check(TaskListInterleavingsTest.class);
    }

    private String page(TaskFilter filter) {
        Page<TaskWithLatestRun> page =
                tasks.list(OneTaskStorage.PROJECT, filter, PageRequest.FIRST);
        return ids(page.items()) + " of " + page.total();
    }

    private static String ids(List<TaskWithLatestRun> tasks) {
        return tasks.stream()
                .map(it -> it.task().id().value().getLeastSignificantBits())
                .toList()
                .toString();
    }

    private static TaskInsertion work(int number) {
        NewTask task =
                TestTasks.aTask()
                        .withId(TaskId.of(new UUID(1, number)))
                        .withCreator(CREATOR)
                        .createdAt(OneTaskStorage.NOW)
                        .build();
        return new TaskInsertion(task, Optional.empty());
    }
}
