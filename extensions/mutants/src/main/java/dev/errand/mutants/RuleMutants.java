package dev.errand.mutants;

import static dev.errand.mutants.Wound.W1;
import static dev.errand.mutants.Wound.W2;
import static dev.errand.mutants.Wound.W3;
import static dev.errand.mutants.Wound.W4;
import static dev.errand.mutants.Wound.W5;
import static dev.errand.mutants.Wound.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.dispatch.Dispatch;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskStore;
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
            mutant(W1, "advance", "a report forgets the output it does not name", after((run, edit) -> edit.output(Optional.empty()))),
            mutant(W1, "advance", "a report forgets the branch it does not name", after((run, edit) -> edit.branch(Optional.empty()))),
            mutant(W1, "advance", "a report forgets the message it brings", after((run, edit) -> edit.errorMessage(Optional.empty()))),
            mutant(W1, "advance", "a report empties the state", after((run, edit) -> edit.state(JsonText.of("{}")))),
            mutant(W2, "insert", "a run that is run is only recorded", RunStoreMutants.run(run -> run.owing(Dispatch.NONE))),
            mutant(W2, "insert", "a run is owed a year later", RunStoreMutants.run(RunStoreMutants::owedLater)),
            mutant(W2, "advance", "a start queues nothing", dispatch((run, owed) -> run.status() == RunStatus.QUEUED ? Dispatch.NONE : owed)),
            mutant(W2, "advance", "a start is due a year later", dispatch((run, owed) -> run.status() == RunStatus.QUEUED && owed.phase().isOwed() ? due(owed, owed.dueAt().orElseThrow().plus(YEAR)) : owed)),
            mutant(W3, "advance", "an end asks for no stop", dispatch((run, owed) -> run.status().isTerminal() ? withoutStop(owed) : owed)),
            mutant(W3, "advance", "an end asks for the stop a year later", dispatch((run, owed) -> run.status().isTerminal() && owed.phase().isOwed() ? due(owed, owed.dueAt().orElseThrow().plus(YEAR)) : owed)),
            mutant(W4, "advance", "an end forgets the sandbox", dispatch((run, owed) -> run.status().isTerminal() ? owed.done() : owed)),
            mutant(W4, "advance", "any report forgets the sandbox", dispatch((run, owed) -> owed.done())),
            mutant(W4, "advance", "an end leaves no time to finish", dispatch((run, owed) -> owed.stop().isPresent() && owed.phase().isOwed() ? due(owed, run.updatedAt()) : owed)),
            mutant(W5, "insert", "a key is forgotten", Defects.keyForgotten(2)),
            mutant(W5, "insert", "a key stands for any request", Defects.requestNotCompared(2)),
            mutant(W5, "insert", "a key stands for any operation", call -> call.proceedWith(2, call.<Optional<Idempotency>>given(2).map(RuleMutants::ofAnyOperation))),
            mutant(W5, "insert", "files are named and not consumed", RunStoreMutants::consumesNothing),
            ofTask(W6, "list", "no filter is passed on", call -> call.proceedWith(1, TaskFilter.NONE)),
            ofTask(W6, "list", "the project is not passed on", Defects.anyProject()),
            ofTask(W6, "find", "the project is not passed on", Defects.anyProject()),
            mutant(W6, "list", "the project is not passed on", Defects.anyProject()));
    // spotless:on

    private static Mutant mutant(Wound wound, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, wound, RunStore.class, method, name, defect);
    }

    private static Mutant ofTask(Wound wound, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, wound, TaskStore.class, method, name, defect);
    }

    /** What a caller's change comes to is edited further. */
    private static Defect after(BiFunction<Run, Run.Edit, Run.Edit> broken) {
        return changes(run -> broken.apply(run, run.change(run.updatedAt())).build());
    }

    private static Defect dispatch(BiFunction<Run, Dispatch, Dispatch> broken) {
        return changes(run -> run.owing(broken.apply(run, run.dispatch())));
    }

    /** Changes under a lease are a dispatcher's, and stay what they are. */
    private static Defect changes(UnaryOperator<Run> broken) {
        return RunStoreMutants.change(
                change ->
                        change.under().isPresent()
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

    private static RunChange to(Run after, RunChange change) {
        return new RunChange(
                change.before(),
                change.between(),
                after,
                change.reopens(),
                change.under(),
                change.releasesLease(),
                change.key());
    }

    private static Idempotency ofAnyOperation(Idempotency key) {
        return new Idempotency(key.caller(), "any", key.key(), key.requestHash());
    }

    private static Dispatch withoutStop(Dispatch owed) {
        return new Dispatch(
                owed.phase(),
                owed.attempt(),
                owed.failures(),
                owed.queuedAt(),
                owed.dueAt(),
                owed.handle(),
                owed.lastFailure(),
                Optional.empty(),
                owed.priority(),
                owed.deadlines());
    }

    private static Dispatch due(Dispatch owed, Instant at) {
        return new Dispatch(
                owed.phase(),
                owed.attempt(),
                owed.failures(),
                owed.queuedAt(),
                Optional.of(at),
                owed.handle(),
                owed.lastFailure(),
                owed.stop(),
                owed.priority(),
                owed.deadlines());
    }
}
