package dev.errand.memory;

import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskWithLatestRun;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One task as it stands, and its runs, which are addressed only beneath it (contract A1). Reading
 * takes no lock. Whoever changes it holds its monitor from the check to the end of the change, so
 * that no run comes under a deleted task and the lists see the changes of one task in their order.
 */
final class TaskCell extends Place {

    /** The cells of a task without runs. */
    static final RunCell[] NO_RUNS = {};

    /** As many runs are looked through faster than looked up, and most tasks have fewer. */
    private static final int FEW_RUNS = 16;

    private volatile Task task;

    /** By age, oldest first; replaced as a whole, never written to. */
    private volatile RunCell[] runs = NO_RUNS;

    /** All runs of a task that has many, else null. */
    private volatile Map<RunId, RunCell> manyRuns;

    /** What it is hidden behind; null once it is shown. */
    private volatile Curtain curtain;

    /** A new task, which nobody sees before it is shown. */
    TaskCell(Task task, Curtain curtain) {
        super(task.createdAt(), task.id().value());
        this.task = task;
        this.curtain = curtain;
    }

    /** Lets everybody see it. */
    void show() {
        curtain = null;
    }

    /** Whether it can be seen, by whatever way one came upon it. */
    boolean isShown() {
        Curtain before = curtain;
        return before == null || before.isOpen();
    }

    /** The task as it stands. */
    Task task() {
        return task;
    }

    /** The cells of its runs, oldest first; not to be written to. */
    RunCell[] runs() {
        return runs;
    }

    /** The cell of a run, or null where the task has none of this id. */
    RunCell find(RunId id) {
        Map<RunId, RunCell> many = manyRuns;
        if (many != null) {
            return many.get(id);
        }
        RunCell[] few = runs;
        for (int i = few.length - 1; i >= 0; i--) {
            if (few[i].id().equals(id)) {
                return few[i];
            }
        }
        return null;
    }

    /**
     * The task with its latest run, as both stood at one moment: neither the task nor the list of
     * its runs may have changed while the run was read.
     */
    TaskWithLatestRun read() {
        while (true) {
            Task seenTask = task;
            RunCell[] seenRuns = runs;
            Optional<Run> latest =
                    seenRuns.length == 0
                            ? Optional.empty()
                            : Optional.of(seenRuns[seenRuns.length - 1].run());
            if (seenTask == task && seenRuns == runs) {
                return new TaskWithLatestRun(seenTask, latest);
            }
        }
    }

    /** Replaces the task; the caller holds the monitor. */
    void replace(Task next) {
        task = next;
    }

    /** Gives a task that nobody else knows yet its first run. */
    void begin(RunCell first) {
        runs = new RunCell[] {first};
    }

    /** Adds a run in its place by age; the caller holds the monitor. */
    void add(RunCell run) {
        RunCell[] before = runs;
        int index = before.length;
        while (index > 0 && Run.BY_AGE.compare(before[index - 1].run(), run.run()) > 0) {
            index--;
        }
        RunCell[] after = Arrays.copyOf(before, before.length + 1);
        System.arraycopy(before, index, after, index + 1, before.length - index);
        after[index] = run;
        if (manyRuns != null) {
            manyRuns.put(run.id(), run);
        } else if (after.length > FEW_RUNS) {
            Map<RunId, RunCell> many = new ConcurrentHashMap<>();
            for (RunCell each : after) {
                many.put(each.id(), each);
            }
            manyRuns = many;
        }
        runs = after;
    }
}
