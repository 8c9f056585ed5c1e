package dev.errand.internal.engine;

import dev.errand.access.RunGrant;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.ConflictException;
import dev.errand.error.NotFoundException;
import dev.errand.run.StatusPolicy;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
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
     * Returns a run with its queue entry.
     *
     * @throws NotFoundException if the task does not exist or was deleted, or if it has no such run
     */
    StoredRun get(TaskId task, RunId run) {
        return engine.backend()
                .runs()
                .find(access.project(), task, run)
                .orElseThrow(() -> notFound(task));
    }

    /** The response names the one that does not exist, so the task is read after a miss. */
    private NotFoundException notFound(TaskId task) {
        getTask(task, NotFoundException::taskNotFound);
        return new NotFoundException();
    }

    /**
     * Returns a run that the caller may read. An agent may read its own run until it ends, and the
     * runs that its own run resumes (docs/wire/authentication.md#c1).
     *
     * @throws NotFoundException if the task does not exist or was deleted, or if it has no such run
     * @throws AccessDeniedException if the caller is an agent of another run, of a superseded
     *     attempt, or of a run that has ended
     */
    StoredRun getReadable(TaskId task, RunId run) {
        access.requireRead(task);
        Optional<RunGrant> grant = access.caller().grant();
        if (grant.isEmpty() || grant.get().run().equals(run)) {
            StoredRun found = get(task, run);
            access.requireActive(found);
            return found;
        }
        StoredRun own = get(task, grant.get().run());
        access.requireActive(own);
        if (!resumeChain(task, own.run()).contains(run)) {
            throw AccessDeniedException.outsideGrant();
        }
        return get(task, run);
    }

    /**
     * Returns a run that the caller may change.
     *
     * @throws NotFoundException if the task does not exist or was deleted, or if it has no such run
     * @throws AccessDeniedException if the caller is an agent of a superseded attempt, or of a run
     *     that has ended
     */
    Run getWritable(TaskId task, RunId run) {
        StoredRun found = get(task, run);
        access.requireActive(found);
        return found.run();
    }

    /**
     * Returns a run to which the caller may report, even if it has ended.
     *
     * @throws NotFoundException if the task does not exist or was deleted, or if it has no such run
     * @throws AccessDeniedException if the caller is an agent of a superseded attempt
     */
    Run getReportable(TaskId task, RunId run) {
        StoredRun found = get(task, run);
        access.requireCurrent(found);
        return found.run();
    }

    /** Returns the ids of a run and its ancestors, oldest first; see {@link ResumeChain}. */
    List<RunId> resumeChain(TaskId task, Run run) {
        return ResumeChain.of(
                run,
                id -> engine.backend().runs().find(access.project(), task, id).map(StoredRun::run));
    }

    /**
     * Updates a run. The decision is made again if another update came first. Once the update is
     * committed, the secrets of a finished run are erased, and a dispatcher is notified of a new
     * request to stop or to launch the run.
     *
     * @param decision a function from the current run to its next version, or to the same instance
     *     if nothing changes; may be called more than once
     * @return the run after the update
     * @throws NotFoundException if the task does not exist or was deleted, or if it has no such run
     * @throws AccessDeniedException if the caller is an agent of a superseded attempt
     * @throws ConflictException if another update came first on every attempt
     */
    Run update(TaskId task, RunId run, UnaryOperator<StoredRun> decision) {
        return update(get(task, run), decision);
    }

    /**
     * Updates a run that was read before, even if its task was deleted, as {@link #update(TaskId,
     * RunId, UnaryOperator)} does.
     */
    Run update(StoredRun read, UnaryOperator<StoredRun> decision) {
        // Only the permissive policy allows a caller to move a run out of a terminal status
        // (docs/wire/runs.md#g3).
        boolean reopens = engine.options().statusPolicy() == StatusPolicy.PERMISSIVE;
        return update(read, decision, reopens);
    }

    /**
     * Updates a run that was read before, as {@link #update(StoredRun, UnaryOperator)} does. The
     * update may leave a terminal status (docs/wire/starting-runs.md#i9).
     */
    Run reopen(StoredRun read, UnaryOperator<StoredRun> decision) {
        return update(read, decision, true);
    }

    private Run update(StoredRun read, UnaryOperator<StoredRun> decision, boolean reopens) {
        AtomicReference<StoredRun> current = new AtomicReference<>(read);
        return OptimisticRetry.untilPresent(
                engine.random(),
                () -> {
                    StoredRun before = Objects.requireNonNull(current.get());
                    access.requireCurrent(before);
                    StoredRun after = decision.apply(before);
                    if (after == before) {
                        return Optional.of(before.run());
                    }
                    RunChange change =
                            reopens
                                    ? RunChange.reopening(before, after)
                                    : RunChange.of(before, after);
                    RunUpdateResult result = store(change);
                    if (result instanceof RunUpdateResult.Updated updated) {
                        afterUpdate(before, updated.run());
                        return Optional.of(updated.run().run());
                    }
                    if (result instanceof RunUpdateResult.Stale stale) {
                        current.set(stale.current());
                        return Optional.empty();
                    }
                    throw new NotFoundException();
                });
    }

    private void afterUpdate(StoredRun before, StoredRun after) {
        RunSecrets.eraseIfFinished(engine, after);
        if (!before.stopReason().equals(after.stopReason())
                || before.entry().isEmpty() && after.entry().isPresent()) {
            engine.wakeUp().accept(after.run().id());
        }
    }

    /** Stores a change, and publishes it if it was committed. */
    RunUpdateResult store(RunChange change) {
        Run before = change.before().run();
        return engine.events()
                .commitAndPublish(
                        before.id(),
                        () -> engine.backend().runs().update(access.project(), change),
                        result ->
                                result instanceof RunUpdateResult.Updated updated
                                        ? Optional.of(
                                                new RunEvent.RunChanged(
                                                        Optional.of(before), updated.run().run()))
                                        : Optional.empty());
    }
}
