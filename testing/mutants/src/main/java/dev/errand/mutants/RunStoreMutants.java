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
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredResult;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Broken run stores. */
final class RunStoreMutants {

    private RunStoreMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W2, "insert", "does not queue the run", run(stored -> StoredRun.withoutEntry(stored.run()))),
            mutant(W2, "insert", "queues the run a year late", run(RunStoreMutants::queuedLater)),
            mutant(W5, "insert", "ignores the idempotency key", Defects.keyIgnored(2)),
            mutant(W5, "insert", "does not compare the request", Defects.requestNotCompared(2)),
            mutant(W5, "insert", "consumes no staged artifacts", RunStoreMutants::consumesNothing),
            mutant(W5, "insert", "consumes no staged artifacts if there is an idempotency key", RunStoreMutants::consumesNothingUnderAKey),
            mutant(W5, "insert", "ignores missing staged artifacts", RunStoreMutants::withoutTheMissing),
            mutant(W5, "insert", "does not record the GitHub connection", RunStoreMutants::withoutConnection),
            mutant(W6, "insert", "ignores the project", Defects.anyProject()),
            mutant(W6, "find", "ignores the project", Defects.anyProject()),
            mutant(W6, "find", "always returns its first result", Defects.alwaysFirstResult(2)),
            mutant(W6, "find", "finds runs of deleted tasks", call -> call.<RunStore>original().findIncludingDeleted(call.argument(0), call.argument(1), call.argument(2))),
            mutant(W3, "findIncludingDeleted", "finds no runs of deleted tasks", call -> call.<RunStore>original().find(call.argument(0), call.argument(1), call.argument(2))),
            mutant(W6, "findIncludingDeleted", "ignores the project", Defects.anyProject()),
            mutant(W1, "update", "lets the last writer win", overwriting(current -> true)),
            mutant(W1, "update", "overwrites a terminal status", overwriting(current -> current.status().isTerminal())),
            mutant(W1, "update", "overwrites an open run", overwriting(current -> !current.status().isTerminal())),
            mutant(W1, "update", "reports success without writing", call -> new RunUpdateResult.Updated(call.<RunChange>argument(1).after())),
            mutant(W1, "update", "returns the expected run instead of the current one", RunStoreMutants::returnsExpectedRun),
            mutant(W1, "update", "drops the output", change(RuleMutants::withoutOutput)),
            mutant(W4, "update", "removes the queue entry", change(change -> RuleMutants.to(StoredRun.withoutEntry(change.after().run()), change))),
            mutant(W3, "update", "keeps the previous queue entry", change(change -> RuleMutants.to(new StoredRun(change.after().run(), change.before().entry()), change))),
            mutant(W4, "update", "ignores the lease", change(RunStoreMutants::underNoLease)),
            mutant(W4, "update", "releases the lease at every change", change(RunChange::releasingLease)),
            mutant(W3, "update", "never releases the lease", change(RunStoreMutants::keepingTheLease)),
            mutant(W5, "update", "ignores the idempotency key", change(change -> change.withKey(Optional.empty()))),
            mutant(W6, "update", "ignores the project", Defects.anyProject()),
            mutant(W4, "update", "releases the lease when a run is reopened", change(it -> it.reopens() && it.lease().isPresent() ? it.releasingLease() : it)),
            mutant(W5, "findStoredResult", "finds no answer", call -> Optional.empty()),
            mutant(W5, "findStoredResult", "reports a repeated request as a conflict", RunStoreMutants::conflicting),
            mutant(W6, "list", "returns the oldest first", RunStoreMutants::oldestFirst),
            mutant(W6, "list", "returns the size of the page as the total", RunStoreMutants::countsThePage),
            mutant(W3, "listOpen", "omits ended runs whose sandbox must be stopped", RunStoreMutants::onlyOpen),
            mutant(W6, "listOpen", "ignores the project", Defects.anyProject()));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, RunStore.class, method, name, defect);
    }

    static Defect run(UnaryOperator<StoredRun> broken) {
        return call -> {
            NewRun run = call.argument(1);
            StoredRun stored = broken.apply(run.stored());
            return call.proceedWith(1, newRun(stored, run.consumes(), run));
        };
    }

    private static NewRun newRun(StoredRun stored, List<ArtifactId> consumes, NewRun run) {
        return new NewRun(stored.run(), stored.entry(), consumes, run.githubUserIntegration());
    }

    static StoredRun queuedLater(StoredRun stored) {
        return stored.withRun(
                stored.run(),
                entry -> RuleMutants.due(entry, entry.dueAt().plus(Duration.ofDays(365))));
    }

    static Object consumesNothing(Call call) {
        NewRun run = call.argument(1);
        return call.proceedWith(1, newRun(run.stored(), List.of(), run));
    }

    private static Object withoutConnection(Call call) {
        NewRun run = call.argument(1);
        return call.proceedWith(1, new NewRun(run.stored(), run.consumes()));
    }

    /** Still reports missing artifacts. */
    private static Object consumesNothingUnderAKey(Call call) {
        NewRun run = call.argument(1);
        Optional<?> key = call.argument(2);
        int staged =
                call.backend()
                        .staging()
                        .find(call.argument(0), run.run().task(), run.consumes())
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
        NewRun run = call.argument(1);
        List<ArtifactId> there = new ArrayList<>(run.consumes());
        there.removeAll(missing.ids());
        return call.proceedWith(1, newRun(run.stored(), there, run));
    }

    static Defect change(UnaryOperator<RunChange> broken) {
        return call -> call.proceedWith(1, broken.apply(call.argument(1)));
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

    /** Overwrites the current run despite a stale version, if the current run matches. */
    static Defect overwriting(Predicate<Run> matching) {
        return call -> {
            Object answer = call.proceed();
            return answer instanceof RunUpdateResult.Stale stale
                            && matching.test(stale.current().run())
                    ? call.proceedWith(1, onto(stale.current(), call.argument(1)))
                    : answer;
        };
    }

    private static RunChange onto(StoredRun current, RunChange late) {
        Run after = late.after().run();
        Run.Builder edit =
                current.run()
                        .change(after.updatedAt())
                        .environment(after.environment())
                        .stage(after.stage())
                        .branch(after.branch())
                        .errorMessage(after.errorMessage())
                        .output(after.output())
                        .state(after.state())
                        .artifacts(after.artifacts());
        Run written =
                after.status().isTerminal()
                        ? edit.endedWith(
                                        after.status(),
                                        after.endReason().orElse(EndReason.REPORTED))
                                .build()
                        : edit.status(after.status()).build();
        return new RunChange(
                current,
                Optional.empty(),
                new StoredRun(written, late.after().entry()),
                true,
                late.lease(),
                late.releasesLease(),
                late.key());
    }

    private static Object returnsExpectedRun(Call call) {
        Object answer = call.proceed();
        return answer instanceof RunUpdateResult.Stale
                ? new RunUpdateResult.Stale(call.<RunChange>argument(1).before())
                : answer;
    }

    private static Object conflicting(Call call) {
        return ((Optional<?>) call.proceed()).map(answer -> new StoredResult.KeyConflict());
    }

    private static Object oldestFirst(Call call) {
        Page<?> page = (Page<?>) call.proceed();
        return new Page<>(Defects.reversed(page.items()), page.total());
    }

    private static Object countsThePage(Call call) {
        Page<?> page = (Page<?>) call.proceed();
        return new Page<>(page.items(), page.items().size());
    }

    private static Object onlyOpen(Call call) {
        return ((List<?>) call.proceed())
                .stream().filter(one -> !((StoredRun) one).run().status().isTerminal()).toList();
    }
}
