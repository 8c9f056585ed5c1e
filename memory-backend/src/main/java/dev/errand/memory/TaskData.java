package dev.errand.memory;

import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A task in its current version, with its runs. */
final class TaskData {

    Task task;

    /** Oldest first, by {@link dev.errand.spi.run.Run#BY_AGE}. */
    final List<RunData> runs = new ArrayList<>();

    TaskData(Task task) {
        this.task = task;
    }

    TaskWithLatestRun withLatestRun() {
        return new TaskWithLatestRun(
                task,
                runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1).run()));
    }
}
