package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.PageRequest;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.run.RunUpdateResult;
import dev.errand.spi.run.SecretStore;
import dev.errand.spi.task.TaskFilter;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** MutantProxies dispatchers, by what they ask of the storage. */
final class DispatcherMutants {

    private static final int MANY = 1_000;

    private DispatcherMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W1, RunStore.class, "update", "tries again over what another wrote", RunStoreMutants.overwriting(standing -> true)),
            mutant(W1, RunStore.class, "update", "writes whatever became of its lease", RunStoreMutants.change(RunStoreMutants::underNoLease)),
            mutant(W1, RunStore.class, "update", "does not say why it failed", written(run -> run.status().isTerminal(), run -> version(run, edit -> edit.errorMessage(Optional.empty())))),
            mutant(W1, RunStore.class, "update", "records no output", written(run -> run.status().isTerminal(), run -> version(run, edit -> edit.output(Optional.empty())))),
            mutant(W2, RunQueue.class, "claim", "claims and forgets", DispatcherMutants::forgets),
            mutant(W2, RunStore.class, "update", "gives up at the first failure", written(run -> run.dispatch().failures() > 0, run -> run.withDispatch(run.dispatch().done()))),
            mutant(W2, RunStore.class, "update", "forgets that it launched", unwritten(run -> run.dispatch().phase() == DispatchState.Phase.LAUNCHED)),
            mutant(W2, RunQueue.class, "claim", "claims nothing", call -> List.of()),
            mutant(W3, RunQueue.class, "release", "gives nothing back", call -> true),
            mutant(W3, RunStore.class, "update", "records no end", unwritten(run -> run.status().isTerminal())),
            mutant(W3, RunStore.class, "update", "watches what is over", written(run -> run.dispatch().phase() == DispatchState.Phase.DONE, run -> run.withDispatch(run.dispatch().launched("it", run.updatedAt())))),
            mutant(W3, RunQueue.class, "renew", "goes by what it read first", DispatcherMutants::readsOnce),
            mutant(W4, RunQueue.class, "renew", "goes on without its lease", RunQueueMutants::renewsAnything),
            mutant(W4, RunQueue.class, "renew", "does not renew and goes on", DispatcherMutants::onlyReads),
            mutant(W4, RunQueue.class, "claim", "takes more than it has slots", DispatcherMutants::takesMore),
            mutant(W4, RunLog.class, "lastAppendedAt", "hears nobody", call -> Optional.empty()),
            mutant(W5, RunStore.class, "update", "tries the same attempt again", written(run -> run.dispatch().failures() > 0, run -> run.withDispatch(sameAttempt(run.dispatch())))),
            mutant(W5, SecretStore.class, "erase", "keeps the secrets of what is over", call -> null),
            mutant(W5, RunLog.class, "append", "writes every line twice", DispatcherMutants::twice));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, Class<?> port, String method, String name, Defect defect) {
        return new Mutant(Part.DISPATCHER, failureMode, port, method, name, defect);
    }

    /** Such a run is written otherwise, where a dispatcher writes it. */
    static Defect written(Predicate<Run> such, UnaryOperator<Run> broken) {
        return RunStoreMutants.change(
                change ->
                        change.lease().isPresent() && such.test(change.after())
                                ? new RunChange(
                                        change.before(),
                                        change.intermediate(),
                                        broken.apply(change.after()),
                                        change.reopens(),
                                        change.lease(),
                                        change.releasesLease(),
                                        change.key())
                                : change);
    }

    /** Such a run is not written, where a dispatcher should. */
    private static Defect unwritten(Predicate<Run> such) {
        return call -> {
            RunChange change = call.given(1);
            return change.lease().isPresent() && such.test(change.after())
                    ? new RunUpdateResult.Updated(change.after())
                    : call.proceed();
        };
    }

    private static Run version(Run run, UnaryOperator<Run.Edit> broken) {
        return RuleMutants.asVersionOf(run, broken.apply(run.change(run.updatedAt())).build());
    }

    private static DispatchState sameAttempt(DispatchState next) {
        return new DispatchState(
                next.phase(),
                Math.max(1, next.attempt() - 1),
                next.failures(),
                next.queuedAt(),
                next.dueAt(),
                next.handle(),
                next.lastFailure(),
                next.stop(),
                next.priority(),
                next.timeouts());
    }

    private static Object forgets(Call call) {
        call.proceed();
        return List.of();
    }

    private static Object takesMore(Call call) {
        ClaimRequest given = call.given(1);
        return call.proceedWith(
                1, new ClaimRequest(given.owner(), MANY, given.leaseFor(), given.limits()));
    }

    private static Object onlyReads(Call call) {
        Lease lease = call.given(1);
        return call
                .backend()
                .tasks()
                .list(lease.project(), TaskFilter.NONE, PageRequest.FIRST)
                .items()
                .stream()
                .flatMap(task -> task.latestRun().stream())
                .filter(run -> run.id().equals(lease.run()))
                .map(run -> new ClaimedRun(run, lease))
                .findFirst();
    }

    private static Object readsOnce(Call call) {
        return ((Optional<?>) call.proceed())
                .map(ClaimedRun.class::cast)
                .map(
                        it ->
                                new ClaimedRun(
                                        (Run)
                                                call.memory()
                                                        .computeIfAbsent(
                                                                it.lease().token(),
                                                                token -> it.run()),
                                        it.lease()));
    }

    private static Object twice(Call call) {
        call.proceed();
        return call.proceed();
    }
}
