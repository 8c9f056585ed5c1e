package dev.errand.internal.engine;

import dev.errand.error.ConflictException;
import dev.errand.error.NotFoundException;
import dev.errand.internal.rules.RunChanges;
import dev.errand.run.Cancellation;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.BackendException;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunUpdateResult;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** How an execution is called off: intent first, the sandbox after (design 5). */
public final class RunCancellation {

    private RunCancellation() {}

    /**
     * Calls off a run whose task was deleted (contract A10): at once where no sandbox was launched,
     * else the dispatcher ends the sandbox and then the run.
     */
    @SuppressWarnings("exports") // Only this module can call it.
    public static void ofDeletedTask(Engine engine, Run run) {
        OptimisticRetry.untilAdvanced(engine.random(), new DeletedTask(engine, run)::attempt);
    }

    /**
     * Calls off a run because somebody asked for it: the update to {@code cancelled}, as anybody
     * may report it, unless the run has ended.
     *
     * @param changing finds the run and changes it as the decision says, again where it must
     */
    public static Cancellation ofRun(Function<UnaryOperator<Run>, Run> changing, Engine engine) {
        UpdateRunRequest cancelled = UpdateRunRequest.builder().status(RunStatus.CANCELLED).build();
        AtomicBoolean accepted = new AtomicBoolean();
        try {
            Run run =
                    changing.apply(
                            current -> {
                                accepted.set(!current.status().isTerminal());
                                return current.status().isTerminal()
                                        ? current
                                        : RunChanges.updated(
                                                current,
                                                cancelled,
                                                engine.policies().statusPolicy(),
                                                engine.now());
                            });
            return accepted.get()
                    ? new Cancellation.Accepted(run)
                    : new Cancellation.AlreadyTerminal(run);
        } catch (NotFoundException missing) {
            return new Cancellation.NotFound();
        } catch (ConflictException conflict) {
            return new Cancellation.Unavailable(conflict);
        } catch (BackendException failure) {
            return new Cancellation.Unavailable(failure);
        }
    }

    /**
     * What the executor owes a run that has just ended by report or cancellation: its sandbox is to
     * be stopped.
     */
    public static DispatchState afterEnd(
            DispatchState dispatch, DispatchState.StopReason cause, Instant now) {
        return dispatch.phase().isActive() ? dispatch.stopping(cause, now) : dispatch;
    }

    private static final class DeletedTask {
        private final Engine engine;
        private Run current;

        private DeletedTask(Engine engine, Run run) {
            this.engine = engine;
            this.current = run;
        }

        private Optional<Run> attempt() {
            boolean asked =
                    current.dispatch()
                            .stop()
                            .filter(cause -> cause == DispatchState.StopReason.TASK_DELETED)
                            .isPresent();
            if (current.status().isTerminal() || asked) {
                return Optional.of(current);
            }
            Instant now = engine.now();
            Run.Edit edit = current.change(now);
            edit.dispatch(afterEnd(current.dispatch(), DispatchState.StopReason.TASK_DELETED, now));
            if (current.dispatch().phase() != DispatchState.Phase.LAUNCHED) {
                edit.ended(RunStatus.CANCELLED, EndReason.TASK_DELETED);
            }
            Run before = current;
            RunUpdateResult answer =
                    engine.events()
                            .committing(
                                    before.id(),
                                    () ->
                                            engine.backend()
                                                    .runs()
                                                    .update(
                                                            before.project(),
                                                            RunChange.of(before, edit.build())),
                                    committed ->
                                            committed instanceof RunUpdateResult.Updated advanced
                                                    ? new RunEvent.RunChanged(
                                                            Optional.of(before), advanced.run())
                                                    : null);
            if (answer instanceof RunUpdateResult.Stale stale) {
                current = stale.current();
                return Optional.empty();
            }
            if (answer instanceof RunUpdateResult.Updated advanced) {
                RunSecrets.eraseIfOver(engine, advanced.run());
            }
            engine.wakeUp().accept(before.id());
            return Optional.of(before);
        }
    }
}
