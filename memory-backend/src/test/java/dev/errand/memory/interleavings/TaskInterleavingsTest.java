package dev.errand.memory.interleavings;

import dev.errand.spi.Idempotency;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestTasks;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * docs/invariants.md#i1, #i4: numbers are unique and increasing, and one of two concurrent updates
 * succeeds.
 */
@Param(name = "n", gen = IntGen.class, conf = "1:2")
public class TaskInterleavingsTest {

    private final OneTaskStorage storage = new OneTaskStorage();
    private final TaskStore tasks = storage.backend.tasks();
    private final Task[] next = {
        storage.task.markDeleted(OneTaskStorage.NOW),
        storage.task.withDetails(TestTasks.aTask().withTitle("one").details(), OneTaskStorage.NOW),
        storage.task.withDetails(TestTasks.aTask().withTitle("two").details(), OneTaskStorage.NOW)
    };

    @Operation
    public Object insertUnderTheKey(@Param(name = "n") int n) {
        Idempotency key = new Idempotency("user:31", "POST", "key", "request " + n);
        return TestTasks.insertTask(
                tasks, OneTaskStorage.PROJECT, OneTaskStorage.aTask(n), Optional.of(key));
    }

    @Operation
    public Object change(@Param(name = "n") int n) {
        return tasks.update(OneTaskStorage.PROJECT, next[n]);
    }

    @Operation
    public Object delete() {
        return tasks.update(OneTaskStorage.PROJECT, next[0]);
    }

    @Operation
    public Object find() {
        return tasks.find(OneTaskStorage.PROJECT, storage.task.id());
    }

    @Test
    void taskUpdatesAreLinearizable() {
        Interleavings.check(TaskInterleavingsTest.class);
    }
}
