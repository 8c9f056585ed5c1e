package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Engines with a broken rule, simulated by altering their calls of the storage: a caller's request
 * results in a wrong change.
 */
final class RuleMutants {

    private static final Duration YEAR = Duration.ofDays(365);

    private RuleMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W1, "update", "a report clears the output", after((run, edit) -> edit.output(Optional.empty()))),
            mutant(W1, "update", "a report clears the branch", after((run, edit) -> edit.branch(Optional.empty()))),
            mutant(W1, "update", "the error message of a report is lost", after((run, edit) -> edit.errorMessage(Optional.empty()))),
            mutant(W1, "update", "a report clears the state", after((run, edit) -> edit.state(JsonText.of("{}")))),
            mutant(W1, "update", "the stage of a report is lost", after((run, edit) -> edit.stage(Optional.empty()))),
            mutant(W1, "insert", "the reasoning effort is lost", without("reasoning_effort")),
            mutant(W1, "insert", "the authorship mode is lost", without("pr_authorship_mode")),
            mutant(W1, "insert", "the credential source is lost", without("github_credential_source")),
            mutant(W1, "insert", "the id of the resumed run is lost", without("resume_from_run_id")),
            mutant(W3, "insert", "the timeouts of the run are lost", RunStoreMutants.run(run -> run.withDispatch(run.dispatch().withScheduling(run.dispatch().priority(), RunTimeouts.DEFAULTS)))),
            mutant(W1, "update", "the response shows the previous state", RuleMutants::returnsPreviousState),
            new Mutant(Part.RULE, W3, TaskStore.class, "update", "a deletion has no effect", RuleMutants::deletesNothing),
            new Mutant(Part.RULE, W5, RunQueue.class, "settleAndClaim", "the output is lost", call -> call.proceedWith(0, withoutOutputs(call.argument(0)))),
            new Mutant(Part.RULE, W5, StagingStore.class, "stage", "no artifact is staged", call -> List.of()),
            new Mutant(Part.RULE, W5, StagingStore.class, "reserve", "no reservation is stored", call -> null),
            mutant(W2, "insert", "a started run is not queued", RunStoreMutants.run(run -> run.withDispatch(DispatchState.NOT_REQUESTED))),
            mutant(W2, "insert", "a started run is due a year late", RunStoreMutants.run(RunStoreMutants::queuedLater)),
            mutant(W2, "update", "a restarted run is not queued", dispatch((run, state) -> run.status() == RunStatus.QUEUED ? DispatchState.NOT_REQUESTED : state)),
            mutant(W2, "update", "a restarted run is due a year late", dispatch((run, state) -> run.status() == RunStatus.QUEUED && state.phase().isActive() ? due(state, state.dueAt().orElseThrow().plus(YEAR)) : state)),
            mutant(W3, "update", "the sandbox of an ended run is not stopped", dispatch((run, state) -> run.status().isTerminal() ? withoutStop(state) : state)),
            mutant(W3, "update", "the sandbox of an ended run is stopped a year late", dispatch((run, state) -> run.status().isTerminal() && state.phase().isActive() ? due(state, state.dueAt().orElseThrow().plus(YEAR)) : state)),
            mutant(W4, "update", "the sandbox of an ended run is forgotten", dispatch((run, state) -> run.status().isTerminal() ? state.done() : state)),
            mutant(W4, "update", "the sandbox is forgotten at every report", dispatch((run, state) -> state.done())),
            mutant(W4, "update", "the sandbox of an ended run has no time to finish", dispatch((run, state) -> state.stop().isPresent() && state.phase().isActive() ? due(state, run.updatedAt()) : state)),
            mutant(W5, "insert", "the idempotency key is ignored", Defects.keyIgnored(2)),
            mutant(W5, "insert", "the request of an idempotency key is not compared", Defects.requestNotCompared(2)),
            mutant(W5, "insert", "the operation of an idempotency key is not compared", call -> call.proceedWith(2, call.<Optional<Idempotency>>argument(2).map(RuleMutants::ofAnyOperation))),
            mutant(W5, "insert", "staged artifacts are not consumed", RunStoreMutants::consumesNothing),
            ofTask(W6, "list", "the filter is ignored", call -> call.proceedWith(1, TaskFilter.DEFAULT)),
            ofTask(W6, "list", "the project is ignored", Defects.anyProject()),
            ofTask(W6, "find", "the project is ignored", Defects.anyProject()),
            mutant(W6, "list", "the project is ignored", Defects.anyProject()));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, failureMode, RunStore.class, method, name, defect);
    }

    private static Mutant ofTask(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, failureMode, TaskStore.class, method, name, defect);
    }

    /** Removes a member from the state of a new run. */
    static Defect without(String member) {
        String text = "\"%s\":\"[^\"]*\",?".formatted(member);
        return RunStoreMutants.run(
                run -> {
                    String left = run.state().text().replaceAll(text, "").replace(",}", "}");
                    Run.Builder edit = run.change(run.updatedAt()).state(JsonText.of(left));
                    return asVersionOf(run, edit.build());
                });
    }

    private static Object returnsPreviousState(Call call) {
        RunChange change = call.argument(1);
        Object answer = call.proceed();
        return answer instanceof RunUpdateResult.Updated
                ? new RunUpdateResult.Updated(asVersionOf(change.after(), change.before()))
                : answer;
    }

    private static Object deletesNothing(Call call) {
        Task next = call.argument(1);
        return next.isDeleted() ? new TaskUpdateResult.Updated(next) : call.proceed();
    }

    private static List<Settlement> withoutOutputs(List<Settlement> settlements) {
        return settlements.stream()
                .map(Settlement::change)
                .map(
                        change ->
                                to(
                                        asVersionOf(
                                                change.after(),
                                                change.after()
                                                        .change(change.after().updatedAt())
                                                        .output(Optional.empty())
                                                        .build()),
                                        change))
                .map(Settlement::new)
                .toList();
    }

    /** Alters the run that results from a caller's change. */
    private static Defect after(BiFunction<Run, Run.Builder, Run.Builder> broken) {
        return changes(run -> broken.apply(run, run.change(run.updatedAt())).build());
    }

    private static Defect dispatch(BiFunction<Run, DispatchState, DispatchState> broken) {
        return changes(run -> run.withDispatch(broken.apply(run, run.dispatch())));
    }

    /** Changes with a lease come from a dispatcher and remain unaltered. */
    private static Defect changes(UnaryOperator<Run> broken) {
        return RunStoreMutants.change(
                change ->
                        change.lease().isPresent()
                                ? change
                                : to(
                                        asVersionOf(change.after(), broken.apply(change.after())),
                                        change));
    }

    /** Returns a run with the content of {@code after} and the version of {@code version}. */
    static Run asVersionOf(Run version, Run after) {
        return new Run(
                after.project(),
                after.task(),
                after.id(),
                version.version(),
                after.status(),
                after.environment(),
                after.stage(),
                after.branch(),
                after.errorMessage(),
                after.output(),
                after.state(),
                after.artifacts(),
                after.dispatch(),
                after.endReason(),
                after.createdAt(),
                version.updatedAt(),
                after.completedAt());
    }

    /** Returns the same change with another resulting run. */
    static RunChange to(Run after, RunChange change) {
        return new RunChange(
                change.before(),
                change.intermediate(),
                after,
                change.reopens(),
                change.lease(),
                change.releasesLease(),
                change.key());
    }

    private static Idempotency ofAnyOperation(Idempotency key) {
        return new Idempotency(key.caller(), "any", key.key(), key.requestHash());
    }

    private static DispatchState withoutStop(DispatchState state) {
        return new DispatchState(
                state.phase(),
                state.attempt(),
                state.failures(),
                state.queuedAt(),
                state.dueAt(),
                state.handle(),
                state.lastFailure(),
                Optional.empty(),
                state.priority(),
                state.timeouts());
    }

    static DispatchState due(DispatchState state, Instant at) {
        return new DispatchState(
                state.phase(),
                state.attempt(),
                state.failures(),
                state.queuedAt(),
                Optional.of(at),
                state.handle(),
                state.lastFailure(),
                state.stop(),
                state.priority(),
                state.timeouts());
    }
}
