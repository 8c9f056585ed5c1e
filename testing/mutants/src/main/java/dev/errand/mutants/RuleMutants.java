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
 * Engines with a broken rule, by what they have stored: what a caller's request comes to is another
 * change than it should be.
 */
final class RuleMutants {

    private static final Duration YEAR = Duration.ofDays(365);

    private RuleMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W1, "update", "a report forgets the output it does not name", after((run, edit) -> edit.output(Optional.empty()))),
            mutant(W1, "update", "a report forgets the branch it does not name", after((run, edit) -> edit.branch(Optional.empty()))),
            mutant(W1, "update", "a report forgets the message it brings", after((run, edit) -> edit.errorMessage(Optional.empty()))),
            mutant(W1, "update", "a report empties the state", after((run, edit) -> edit.state(JsonText.of("{}")))),
            mutant(W1, "update", "a report forgets the stage it brings", after((run, edit) -> edit.stage(Optional.empty()))),
            mutant(W1, "insert", "the chosen effort is not kept", without("reasoning_effort")),
            mutant(W1, "insert", "the chosen authorship is not kept", without("pr_authorship_mode")),
            mutant(W1, "insert", "whose credential it is, is not kept", without("github_credential_source")),
            mutant(W1, "insert", "what is resumed is not kept", without("resume_from_run_id")),
            mutant(W3, "insert", "a run's own timeouts are not kept", RunStoreMutants.run(run -> run.withDispatch(run.dispatch().withScheduling(run.dispatch().priority(), RunTimeouts.DEFAULTS)))),
            mutant(W1, "update", "what stands is told instead of what is new", RuleMutants::tellsTheOld),
            new Mutant(Part.RULE, W3, TaskStore.class, "update", "a deletion deletes nothing", RuleMutants::deletesNothing),
            new Mutant(Part.RULE, W5, RunQueue.class, "settleAndClaim", "the output is not kept", call -> call.proceedWith(0, withoutOutputs(call.given(0)))),
            new Mutant(Part.RULE, W5, StagingStore.class, "stage", "what is staged is not", call -> List.of()),
            new Mutant(Part.RULE, W5, StagingStore.class, "reserve", "nothing is reserved", call -> null),
            mutant(W2, "insert", "a run that is run is only recorded", RunStoreMutants.run(run -> run.withDispatch(DispatchState.NOT_REQUESTED))),
            mutant(W2, "insert", "a run is owed a year later", RunStoreMutants.run(RunStoreMutants::owedLater)),
            mutant(W2, "update", "a start queues nothing", dispatch((run, owed) -> run.status() == RunStatus.QUEUED ? DispatchState.NOT_REQUESTED : owed)),
            mutant(W2, "update", "a start is due a year later", dispatch((run, owed) -> run.status() == RunStatus.QUEUED && owed.phase().isActive() ? due(owed, owed.dueAt().orElseThrow().plus(YEAR)) : owed)),
            mutant(W3, "update", "an end asks for no stop", dispatch((run, owed) -> run.status().isTerminal() ? withoutStop(owed) : owed)),
            mutant(W3, "update", "an end asks for the stop a year later", dispatch((run, owed) -> run.status().isTerminal() && owed.phase().isActive() ? due(owed, owed.dueAt().orElseThrow().plus(YEAR)) : owed)),
            mutant(W4, "update", "an end forgets the sandbox", dispatch((run, owed) -> run.status().isTerminal() ? owed.done() : owed)),
            mutant(W4, "update", "any report forgets the sandbox", dispatch((run, owed) -> owed.done())),
            mutant(W4, "update", "an end leaves no time to finish", dispatch((run, owed) -> owed.stop().isPresent() && owed.phase().isActive() ? due(owed, run.updatedAt()) : owed)),
            mutant(W5, "insert", "a key is forgotten", Defects.keyForgotten(2)),
            mutant(W5, "insert", "a key stands for any request", Defects.requestNotCompared(2)),
            mutant(W5, "insert", "a key stands for any operation", call -> call.proceedWith(2, call.<Optional<Idempotency>>given(2).map(RuleMutants::ofAnyOperation))),
            mutant(W5, "insert", "files are named and not consumed", RunStoreMutants::consumesNothing),
            ofTask(W6, "list", "no filter is passed on", call -> call.proceedWith(1, TaskFilter.DEFAULT)),
            ofTask(W6, "list", "the project is not passed on", Defects.anyProject()),
            ofTask(W6, "find", "the project is not passed on", Defects.anyProject()),
            mutant(W6, "list", "the project is not passed on", Defects.anyProject()));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, failureMode, RunStore.class, method, name, defect);
    }

    private static Mutant ofTask(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, failureMode, TaskStore.class, method, name, defect);
    }

    /** A member of the state that was decided is left out. */
    static Defect without(String member) {
        String text = "\"%s\":\"[^\"]*\",?".formatted(member);
        return RunStoreMutants.run(
                run -> {
                    String left = run.state().text().replaceAll(text, "").replace(",}", "}");
                    Run.Builder edit = run.change(run.updatedAt()).state(JsonText.of(left));
                    return asVersionOf(run, edit.build());
                });
    }

    private static Object tellsTheOld(Call call) {
        RunChange change = call.given(1);
        Object answer = call.proceed();
        return answer instanceof RunUpdateResult.Updated
                ? new RunUpdateResult.Updated(asVersionOf(change.after(), change.before()))
                : answer;
    }

    private static Object deletesNothing(Call call) {
        Task next = call.given(1);
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

    /** What a caller's change comes to is edited further. */
    private static Defect after(BiFunction<Run, Run.Builder, Run.Builder> broken) {
        return changes(run -> broken.apply(run, run.change(run.updatedAt())).build());
    }

    private static Defect dispatch(BiFunction<Run, DispatchState, DispatchState> broken) {
        return changes(run -> run.withDispatch(broken.apply(run, run.dispatch())));
    }

    /** Changes under a lease are a dispatcher's, and stay what they are. */
    private static Defect changes(UnaryOperator<Run> broken) {
        return RunStoreMutants.change(
                change ->
                        change.lease().isPresent()
                                ? change
                                : to(
                                        asVersionOf(change.after(), broken.apply(change.after())),
                                        change));
    }

    /** What is in the one, as the version that the other is. */
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

    /** The same change to another run. */
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

    private static DispatchState withoutStop(DispatchState owed) {
        return new DispatchState(
                owed.phase(),
                owed.attempt(),
                owed.failures(),
                owed.queuedAt(),
                owed.dueAt(),
                owed.handle(),
                owed.lastFailure(),
                Optional.empty(),
                owed.priority(),
                owed.timeouts());
    }

    static DispatchState due(DispatchState owed, Instant at) {
        return new DispatchState(
                owed.phase(),
                owed.attempt(),
                owed.failures(),
                owed.queuedAt(),
                Optional.of(at),
                owed.handle(),
                owed.lastFailure(),
                owed.stop(),
                owed.priority(),
                owed.timeouts());
    }
}
