package dev.errand.memory.interleavings;

import dev.errand.spi.Idempotency;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskStore;
import dev.errand.tck.TestTasks;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** I1, I4: numbers are unique and increasing, and of two changes of one version one is made. */
@Param(name = "n", gen = IntGen.class, conf = "1:2")
public class TaskInterleavingsTest {

    private final Stage stage = new Stage();
    private final TaskStore tasks = stage.backend.tasks();
    private final Task[] next = {
        stage.task.deleted(Stage.NOW),
        stage.task.withDetails(TestTasks.aTask().withTitle("one").details(), Stage.NOW),
        stage.task.withDetails(TestTasks.aTask().withTitle("two").details(), Stage.NOW)
    };

    @Operation
    public Object insertUnderTheKey(@Param(name = "n") int n) {
        Idempotency key = new Idempotency("user:31", "POST", "key", "request " + n);
        return TestTasks.insertTask(tasks, Stage.PROJECT, Stage.aTask(n), Optional.of(key));
    }

    @Operation
    public Object change(@Param(name = "n") int n) {
        return tasks.update(Stage.PROJECT, next[n]);
    }

    @Operation
    public Object delete() {
        return tasks.update(Stage.PROJECT, next[0]);
    }

    @Operation
    public Object find() {
        return tasks.find(Stage.PROJECT, stage.task.id());
    }

    @Test
    void tasksComeAndChangeAsIfOneAfterTheOther() {
        Interleavings.check(TaskInterleavingsTest.class);
    }
}
