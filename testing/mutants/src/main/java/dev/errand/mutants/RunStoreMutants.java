package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.Page;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Broken stores of runs. */
final class RunStoreMutants {

    private RunStoreMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W2, "insert", "forgets that a sandbox is owed", run(run -> run.withDispatch(DispatchState.NOT_REQUESTED))),
            mutant(W2, "insert", "owes the sandbox a year later", run(RunStoreMutants::owedLater)),
            mutant(W5, "insert", "forgets the key", Defects.keyForgotten(2)),
            mutant(W5, "insert", "does not compare the request", Defects.requestNotCompared(2)),
            mutant(W5, "insert", "consumes nothing", RunStoreMutants::consumesNothing),
            mutant(W5, "insert", "consumes nothing under a key", RunStoreMutants::consumesNothingUnderAKey),
            mutant(W5, "insert", "goes on without what is missing", RunStoreMutants::withoutTheMissing),
            mutant(W5, "insert", "does not record the GitHub connection", RunStoreMutants::withoutConnection),
            mutant(W6, "insert", "finds the task in any project", Defects.anyProject()),
            mutant(W6, "find", "looks into every project", Defects.anyProject()),
            mutant(W6, "find", "shows what it showed first", Defects.firstAnswerForEver(2)),
            mutant(W1, "update", "lets the last writer win", overwriting(standing -> true)),
            mutant(W1, "update", "overwrites an end", overwriting(standing -> standing.status().isTerminal())),
            mutant(W1, "update", "overwrites what goes on", overwriting(standing -> !standing.status().isTerminal())),
            mutant(W1, "update", "says that it was done", call -> new RunUpdateResult.Updated(call.<RunChange>given(1).after())),
            mutant(W1, "update", "tells what was believed, not what stands", RunStoreMutants::tellsWhatWasBelieved),
            mutant(W1, "update", "does not keep the output", change(RunStoreMutants::withoutOutput)),
            mutant(W4, "update", "does not look at the lease", change(RunStoreMutants::underNoLease)),
            mutant(W4, "update", "ends the lease with every change", change(RunChange::releasingLease)),
            mutant(W3, "update", "keeps the lease that was to end", change(RunStoreMutants::keepingTheLease)),
            mutant(W5, "update", "forgets the key", change(change -> change.withKey(Optional.empty()))),
            mutant(W6, "update", "finds the run in any project", Defects.anyProject()),
            mutant(W4, "update", "ends the lease when a run is opened again", change(it -> it.reopens() && it.lease().isPresent() ? it.releasingLease() : it)),
            mutant(W5, "findAnswer", "knows no answer", call -> Optional.empty()),
            mutant(W5, "findAnswer", "takes a repetition for a conflict", RunStoreMutants::conflicting),
            mutant(W6, "list", "begins with the oldest", RunStoreMutants::oldestFirst),
            mutant(W6, "list", "counts the page", RunStoreMutants::countsThePage),
            mutant(W3, "listOpen", "leaves out what has ended and is owed a stop", RunStoreMutants::onlyUnended),
            mutant(W6, "listOpen", "looks into every project", Defects.anyProject()));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, RunStore.class, method, name, defect);
    }

    static Defect run(UnaryOperator<Run> broken) {
        return call -> {
            NewRun run = call.given(1);
            return call.proceedWith(
                    1,
                    new NewRun(
                            broken.apply(run.run()), run.consumes(), run.githubUserIntegration()));
        };
    }

    static Run owedLater(Run run) {
        DispatchState owed = run.dispatch();
        return owed.phase().isActive()
                ? run.withDispatch(
                        DispatchState.NOT_REQUESTED.queued(
                                owed.dueAt().orElseThrow().plus(Duration.ofDays(365))))
                : run;
    }

    static Object consumesNothing(Call call) {
        NewRun run = call.given(1);
        return call.proceedWith(1, new NewRun(run.run(), List.of(), run.githubUserIntegration()));
    }

    private static Object withoutConnection(Call call) {
        NewRun run = call.given(1);
        return call.proceedWith(1, new NewRun(run.run(), run.consumes()));
    }

    /** What is missing is told all the same. */
    private static Object consumesNothingUnderAKey(Call call) {
        NewRun run = call.given(1);
        Optional<?> key = call.given(2);
        int staged =
                call.backend()
                        .staging()
                        .find(call.given(0), run.run().task(), run.consumes())
                        .size();
        return key.isPresent() && staged == run.consumes().size()
                ? consumesNothing(call)
                : call.proceed();
    }

    private static Object withoutTheMissing(Call call) {
        Object answer = call.proceed();
        if (!(answer instanceof RunInsertResult.ArtifactsNotFound missing)) {
            return answer;
        }
        NewRun run = call.given(1);
        List<ArtifactId> there = new ArrayList<>(run.consumes());
        there.removeAll(missing.ids());
        return call.proceedWith(1, new NewRun(run.run(), there, run.githubUserIntegration()));
    }

    static Defect change(UnaryOperator<RunChange> broken) {
        return call -> call.proceedWith(1, broken.apply(call.given(1)));
    }

    private static RunChange withoutOutput(RunChange change) {
        Run after = change.after();
        Run written =
                new Run(
                        after.project(),
                        after.task(),
                        after.id(),
                        after.version(),
                        after.status(),
                        after.environment(),
                        after.stage(),
                        after.branch(),
                        after.errorMessage(),
                        Optional.empty(),
                        after.state(),
                        after.artifacts(),
                        after.dispatch(),
                        after.endReason(),
                        after.createdAt(),
                        after.updatedAt(),
                        after.completedAt());
        return new RunChange(
                change.before(),
                change.intermediate(),
                written,
                change.reopens(),
                change.lease(),
                change.releasesLease(),
                change.key());
    }

    static RunChange underNoLease(RunChange change) {
        return new RunChange(
                change.before(),
                change.intermediate(),
                change.after(),
                change.reopens(),
                Optional.empty(),
                change.releasesLease(),
                change.key());
    }

    static RunChange keepingTheLease(RunChange change) {
        return new RunChange(
                change.before(),
                change.intermediate(),
                change.after(),
                change.reopens(),
                change.lease(),
                false,
                change.key());
    }

    /** Writes over what stands, if it is such a run. */
    static Defect overwriting(Predicate<Run> such) {
        return call -> {
            Object answer = call.proceed();
            return answer instanceof RunUpdateResult.Stale stale && such.test(stale.current())
                    ? call.proceedWith(1, onto(stale.current(), call.given(1)))
                    : answer;
        };
    }

    private static RunChange onto(Run standing, RunChange late) {
        Run after = late.after();
        Run.Builder edit =
                standing.change(after.updatedAt())
                        .environment(after.environment())
                        .stage(after.stage())
                        .branch(after.branch())
                        .errorMessage(after.errorMessage())
                        .output(after.output())
                        .state(after.state())
                        .artifacts(after.artifacts())
                        .dispatch(after.dispatch());
        Run written =
                after.status().isTerminal()
                        ? edit.endedWith(
                                        after.status(),
                                        after.endReason().orElse(EndReason.REPORTED))
                                .build()
                        : edit.status(after.status()).build();
        return new RunChange(
                standing,
                Optional.empty(),
                written,
                true,
                late.lease(),
                late.releasesLease(),
                late.key());
    }

    private static Object tellsWhatWasBelieved(Call call) {
        Object answer = call.proceed();
        return answer instanceof RunUpdateResult.Stale
                ? new RunUpdateResult.Stale(call.<RunChange>given(1).before())
                : answer;
    }

    private static Object conflicting(Call call) {
        return ((Optional<?>) call.proceed())
                .map(answer -> new InsertResult.KeyConflict<TaskWithLatestRun>());
    }

    private static Object oldestFirst(Call call) {
        Page<?> page = (Page<?>) call.proceed();
        return new Page<>(Defects.reversed(page.items()), page.total());
    }

    private static Object countsThePage(Call call) {
        Page<?> page = (Page<?>) call.proceed();
        return new Page<>(page.items(), page.items().size());
    }

    private static Object onlyUnended(Call call) {
        return ((List<?>) call.proceed())
                .stream().filter(run -> !((Run) run).status().isTerminal()).toList();
    }
}
