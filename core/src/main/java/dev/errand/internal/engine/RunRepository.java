package dev.errand.internal.engine;

import dev.errand.error.AccessDeniedException;
import dev.errand.error.ConflictException;
import dev.errand.error.NotFoundException;
import dev.errand.run.StatusPolicy;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Reads and updates the runs of one project on behalf of one caller. Every update of a run by a
 * caller is made here: conditionally on the version that was read, published to listeners, and
 * retried if another update came first.
 */
record RunRepository(Engine engine, AccessControl access) {

    /**
     * Returns a task that is not deleted.
     *
     * @throws NotFoundException the exception that {@code notFound} supplies, if there is no such
     *     task
     */
    Task getTask(TaskId id, Supplier<NotFoundException> notFound) {
        return engine.backend().tasks().find(access.project(), id).orElseThrow(notFound).task();
    }

    /**
     * Returns a run. Its task may have been deleted.
     *
     * @throws NotFoundException if the task has no such run
     */
    Run get(TaskId task, RunId run) {
        return find(task, run).orElseThrow(NotFoundException::new);
    }

    /**
     * Returns a run of a task that is not deleted. This is one read if the run is the task's
     * latest, which nearly every call of an agent asks for.
     *
     * @throws NotFoundException if there is no such task, or the task has no such run
     */
    Run getOfTask(TaskId task, RunId run) {
        return engine.backend()
                .tasks()
                .find(access.project(), task)
                .orElseThrow(NotFoundException::taskNotFound)
                .latestRun()
                .filter(latest -> latest.id().equals(run))
                .orElseGet(() -> get(task, run));
    }

    private Optional<Run> find(TaskId task, RunId run) {
        return engine.backend().runs().find(access.project(), task, run);
    }

    /** Returns the ids of a run and its ancestors, oldest first; see {@link ResumeChain}. */
    List<RunId> resumeChain(TaskId task, Run run) {
        return ResumeChain.of(run, id -> find(task, id));
    }

    /**
     * Updates a run. The decision is made again if another update came first. Once the update is
     * committed, the secrets of a finished run are erased, and a dispatcher is notified of a new
     * request to stop the run.
     *
     * @param decision a function from the current run to its next version, or to the same instance
     *     if nothing changes; may be called more than once
     * @return the run after the update
     * @throws NotFoundException if the task has no such run
     * @throws AccessDeniedException if the caller is an agent of a superseded attempt
     * @throws ConflictException if another update came first on every attempt
     */
    Run update(TaskId task, RunId run, UnaryOperator<Run> decision) {
        return OptimisticRetry.untilPresent(
                engine.random(),
                () -> {
                    Run before = get(task, run);
                    access.requireCurrent(before);
                    Run after = decision.apply(before);
                    if (after == before) {
                        return Optional.of(before);
                    }
                    RunUpdateResult result = store(change(before, after));
                    if (result instanceof RunUpdateResult.Updated updated) {
                        afterUpdate(before, updated.run());
                        return Optional.of(updated.run());
                    }
                    if (result instanceof RunUpdateResult.NotFound) {
                        throw new NotFoundException();
                    }
                    return Optional.empty();
                });
    }

    /**
     * Only the permissive policy allows a caller to move a run out of a terminal status
     * (docs/wire/runs.md#g3).
     */
    private RunChange change(Run before, Run after) {
        return engine.options().statusPolicy() == StatusPolicy.PERMISSIVE
                ? RunChange.reopening(before, after)
                : RunChange.of(before, after);
    }

    private void afterUpdate(Run before, Run after) {
        RunSecrets.eraseIfFinished(engine, after);
        if (!before.dispatch().stop().equals(after.dispatch().stop())) {
            engine.wakeUp().accept(after.id());
        }
    }

    /** Stores a change, and publishes it if it was committed. */
    RunUpdateResult store(RunChange change) {
        Run before = change.before();
        return engine.events()
                .commitAndPublish(
                        before.id(),
                        () -> engine.backend().runs().update(access.project(), change),
                        result ->
                                result instanceof RunUpdateResult.Updated updated
                                        ? Optional.of(
                                                new RunEvent.RunChanged(
                                                        Optional.of(before), updated.run()))
                                        : Optional.empty());
    }
}
