package dev.errand.internal.engine;

import dev.errand.error.NotFoundException;
import dev.errand.error.RequestException;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunUpdateResult;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The runs of one project as operations read and change them: the one place where a caller's change
 * is decided on what stands, told to listeners, and decided anew where another came first.
 *
 * @param engine has them
 * @param access who asks, and where
 */
public record RunRepository(Engine engine, AccessControl access) {

    /**
     * Finds a task that is not deleted.
     *
     * @throws RequestException as {@code missing} says, if there is none
     */
    public Task findTask(TaskId id, Supplier<NotFoundException> missing) {
        return engine.backend().tasks().find(access.project(), id).orElseThrow(missing).task();
    }

    /**
     * Finds a run of a task.
     *
     * @throws RequestException if there is none
     */
    public Run find(TaskId task, RunId run) {
        return engine.backend()
                .runs()
                .find(access.project(), task, run)
                .orElseThrow(NotFoundException::new);
    }

    /** Changes a run without a word on what else follows; otherwise as the longer form. */
    public Run changing(TaskId task, RunId run, Function<Run, Run> decision) {
        return changing(task, run, decision, RunChange::of, (before, after) -> {});
    }

    /**
     * Changes a run as decided on what stands; again where another change came first.
     *
     * @param decision from the run to its next version, or to itself where nothing changes
     * @param change makes the conditional change of both
     * @param changed told of the run before and after, once it is committed
     * @throws RequestException if there is no such run, the caller's execution was replaced, or
     *     other changes won every time
     */
    public Run changing(
            TaskId task,
            RunId run,
            Function<Run, Run> decision,
            BiFunction<Run, Run, RunChange> change,
            BiConsumer<Run, Run> changed) {
        return OptimisticRetry.untilAdvanced(
                engine.random(),
                () -> {
                    Run before = find(task, run);
                    access.requireCurrent(before);
                    Run after = decision.apply(before);
                    if (after == before) {
                        return Optional.of(before);
                    }
                    RunUpdateResult answer = advance(before, change.apply(before, after));
                    if (answer instanceof RunUpdateResult.Updated advanced) {
                        changed.accept(before, advanced.run());
                        return Optional.of(advanced.run());
                    }
                    if (answer instanceof RunUpdateResult.NotFound) {
                        throw new NotFoundException();
                    }
                    return Optional.empty();
                });
    }

    /** Makes a change, and tells listeners of it if it was made. */
    public RunUpdateResult advance(Run before, RunChange change) {
        return engine.events()
                .committing(
                        before.id(),
                        () -> engine.backend().runs().update(access.project(), change),
                        committed ->
                                committed instanceof RunUpdateResult.Updated advanced
                                        ? new RunEvent.RunChanged(
                                                Optional.of(before), advanced.run())
                                        : null);
    }
}
