package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SecretStore;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.TaskFilter;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Broken dispatchers, simulated by changing their calls of the storage ports. */
final class DispatcherMutants {

    private static final int MANY = 1_000;

    private DispatcherMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W1, RunStore.class, "update", "overwrites concurrent changes", RunStoreMutants.overwriting(current -> true)),
            mutant(W1, RunStore.class, "update", "writes without its lease", RunStoreMutants.change(RunStoreMutants::underNoLease)),
            mutant(W1, RunQueue.class, "settleAndClaim", "records no error message", settled(run -> run.status().isTerminal(), run -> version(run, edit -> edit.errorMessage(Optional.empty())))),
            mutant(W1, RunQueue.class, "settleAndClaim", "records no output", settled(run -> run.status().isTerminal(), run -> version(run, edit -> edit.output(Optional.empty())))),
            mutant(W2, RunQueue.class, "claim", "loses claimed runs", DispatcherMutants::forgets),
            mutant(W2, RunStore.class, "update", "gives up at the first failure", written(run -> run.dispatch().failures() > 0, run -> run.withDispatch(run.dispatch().done()))),
            mutant(W2, RunStore.class, "update", "records no launch", unwritten(run -> run.dispatch().phase() == DispatchState.Phase.LAUNCHED)),
            mutant(W2, RunQueue.class, "claim", "claims nothing", call -> List.of()),
            mutant(W3, RunQueue.class, "release", "releases no lease", call -> true),
            mutant(W3, RunQueue.class, "settleAndClaim", "records no end", DispatcherMutants::settlesNothing),
            mutant(W3, RunQueue.class, "settleAndClaim", "keeps ended runs in the queue", DispatcherMutants::keepsQueued),
            mutant(W3, RunQueue.class, "renew", "ignores changes after its first read", DispatcherMutants::readsOnce),
            mutant(W4, RunQueue.class, "renew", "continues without its lease", RunQueueMutants::renewsLostLeases),
            mutant(W4, RunQueue.class, "renew", "continues without renewal", DispatcherMutants::onlyReads),
            mutant(W4, RunQueue.class, "claim", "claims more runs than it has slots", DispatcherMutants::takesMore),
            mutant(W4, RunLog.class, "lastAppendedAt", "ignores the log", call -> Optional.empty()),
            mutant(W5, RunStore.class, "update", "repeats the failed attempt", written(run -> run.dispatch().failures() > 0, run -> run.withDispatch(sameAttempt(run.dispatch())))),
            mutant(W5, SecretStore.class, "erase", "keeps the secrets of ended runs", call -> null),
            mutant(W5, RunLog.class, "append", "writes every line twice", DispatcherMutants::twice));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, Class<?> port, String method, String name, Defect defect) {
        return new Mutant(Part.DISPATCHER, failureMode, port, method, name, defect);
    }

    /** Alters the changes of a dispatcher whose resulting run matches. */
    static Defect written(Predicate<Run> matching, UnaryOperator<Run> broken) {
        return RunStoreMutants.change(
                change ->
                        change.lease().isPresent() && matching.test(change.after())
                                ? to(broken.apply(change.after()), change)
                                : change);
    }

    /** Does not write runs that match, but reports success. */
    private static Defect unwritten(Predicate<Run> matching) {
        return call -> {
            RunChange change = call.argument(1);
            return change.lease().isPresent() && matching.test(change.after())
                    ? new RunUpdateResult.Updated(change.after())
                    : call.proceed();
        };
    }

    /** Alters the settlements whose resulting run matches. */
    static Defect settled(Predicate<Run> matching, UnaryOperator<Run> broken) {
        return call ->
                call.proceedWith(
                        0,
                        call.<List<Settlement>>argument(0).stream()
                                .map(Settlement::change)
                                .map(
                                        change ->
                                                matching.test(change.after())
                                                        ? to(broken.apply(change.after()), change)
                                                        : change)
                                .map(Settlement::new)
                                .toList());
    }

    private static RunChange to(Run after, RunChange change) {
        return new RunChange(
                change.before(),
                change.intermediate(),
                after,
                change.reopens(),
                change.lease(),
                change.releasesLease(),
                change.key());
    }

    private static Object settlesNothing(Call call) {
        SettleAndClaimResult claimed = (SettleAndClaimResult) call.proceedWith(0, List.of());
        return new SettleAndClaimResult(
                call.<List<Settlement>>argument(0).stream()
                        .<RunUpdateResult>map(
                                it -> new RunUpdateResult.Updated(it.change().after()))
                        .toList(),
                claimed.claimed());
    }

    private static Object keepsQueued(Call call) {
        RunQueue queue = call.original();
        List<RunUpdateResult> results =
                call.<List<Settlement>>argument(0).stream()
                        .map(Settlement::change)
                        .map(
                                change ->
                                        call.backend()
                                                .runs()
                                                .update(
                                                        change.after().project(),
                                                        to(relaunched(change.after()), change)))
                        .toList();
        return new SettleAndClaimResult(results, queue.claim(call.argument(1), call.argument(2)));
    }

    private static Run relaunched(Run run) {
        return run.withDispatch(run.dispatch().launched("it", run.updatedAt()));
    }

    private static Run version(Run run, UnaryOperator<Run.Builder> broken) {
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
        ClaimRequest given = call.argument(1);
        return call.proceedWith(
                1, new ClaimRequest(given.owner(), MANY, given.leaseFor(), given.limits()));
    }

    static Object onlyReads(Call call) {
        return call.<List<Lease>>argument(0).stream()
                .map(lease -> findRun(call, lease).map(run -> new ClaimedRun(run, lease)))
                .toList();
    }

    private static Optional<Run> findRun(Call call, Lease lease) {
        return call
                .backend()
                .tasks()
                .list(lease.project(), TaskFilter.DEFAULT, PageRequest.FIRST)
                .items()
                .stream()
                .flatMap(task -> task.latestRun().stream())
                .filter(run -> run.id().equals(lease.run()))
                .findFirst();
    }

    static Object readsOnce(Call call) {
        return ((List<?>) call.proceed())
                .stream()
                        .map(renewed -> ((Optional<?>) renewed).map(ClaimedRun.class::cast))
                        .map(renewed -> renewed.map(each -> firstRead(call, each)))
                        .toList();
    }

    private static ClaimedRun firstRead(Call call, ClaimedRun renewed) {
        Object first = call.memory().computeIfAbsent(renewed.lease().run(), run -> renewed.run());
        return new ClaimedRun((Run) first, renewed.lease());
    }

    private static Object twice(Call call) {
        call.proceed();
        return call.proceed();
    }
}
