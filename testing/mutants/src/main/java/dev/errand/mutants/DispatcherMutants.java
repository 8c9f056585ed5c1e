package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.JsonText;
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
import dev.errand.spi.store.StoredRun;
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
            mutant(W1, RunQueue.class, "settleAndClaim", "records no error message", settled(edit -> edit.errorMessage(Optional.empty()))),
            mutant(W1, RunQueue.class, "settleAndClaim", "records no output", settled(edit -> edit.output(Optional.empty()))),
            mutant(W1, RunQueue.class, "settleAndClaim", "records no report of the agent program", settled(edit -> edit.state(JsonText.EMPTY_OBJECT))),
            mutant(W2, RunQueue.class, "claim", "loses claimed runs", DispatcherMutants::forgets),
            mutant(W2, RunStore.class, "update", "gives up at the first failure", written(DispatcherMutants::hasFailures, stored -> StoredRun.withoutEntry(stored.run()))),
            mutant(W2, RunStore.class, "update", "records no launch", unwritten(StoredRun::isLaunched)),
            mutant(W2, RunQueue.class, "claim", "claims nothing", call -> List.of()),
            mutant(W3, RunQueue.class, "release", "releases no lease", call -> true),
            mutant(W3, RunQueue.class, "settleAndClaim", "records no end", DispatcherMutants::settlesNothing),
            mutant(W3, RunQueue.class, "settleAndClaim", "keeps ended runs in the queue", DispatcherMutants::keepsQueued),
            mutant(W3, RunQueue.class, "renew", "ignores changes after its first read", DispatcherMutants::readsOnce),
            mutant(W4, RunQueue.class, "renew", "continues without its lease", RunQueueMutants::renewsLostLeases),
            mutant(W4, RunQueue.class, "renew", "continues without renewal", DispatcherMutants::onlyReads),
            mutant(W4, RunQueue.class, "claim", "claims more runs than it has slots", DispatcherMutants::takesMore),
            mutant(W4, RunLog.class, "lastAppendedAt", "ignores the log", call -> Optional.empty()),
            mutant(W5, RunStore.class, "update", "repeats the failed attempt", written(DispatcherMutants::hasFailures, DispatcherMutants::sameAttempt)),
            mutant(W5, SecretStore.class, "erase", "keeps the secrets of ended runs", call -> null),
            mutant(W5, RunLog.class, "append", "writes every line twice", DispatcherMutants::twice));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, Class<?> port, String method, String name, Defect defect) {
        return new Mutant(Part.DISPATCHER, failureMode, port, method, name, defect);
    }

    /** Alters the changes of a dispatcher whose resulting run matches. */
    static Defect written(Predicate<StoredRun> matching, UnaryOperator<StoredRun> broken) {
        return RunStoreMutants.change(
                change ->
                        change.lease().isPresent() && matching.test(change.after())
                                ? RuleMutants.to(broken.apply(change.after()), change)
                                : change);
    }

    /** Does not write runs that match, but reports success. */
    private static Defect unwritten(Predicate<StoredRun> matching) {
        return call -> {
            RunChange change = call.argument(1);
            return change.lease().isPresent() && matching.test(change.after())
                    ? new RunUpdateResult.Updated(change.after())
                    : call.proceed();
        };
    }

    /** Alters the settlements of ended runs. */
    private static Defect settled(UnaryOperator<Run.Builder> broken) {
        return call ->
                call.proceedWith(
                        0,
                        call.<List<Settlement>>argument(0).stream()
                                .map(Settlement::change)
                                .map(
                                        change ->
                                                change.after().run().status().isTerminal()
                                                        ? RuleMutants.to(
                                                                RuleMutants.edited(
                                                                        change.after(), broken),
                                                                change)
                                                        : change)
                                .map(Settlement::new)
                                .toList());
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
                                                        RuleMutants.to(relaunched(change), change)))
                        .toList();
        return new SettleAndClaimResult(results, queue.claim(call.argument(1), call.argument(2)));
    }

    private static StoredRun relaunched(RunChange change) {
        Run run = change.after().run();
        return new StoredRun(
                run, change.before().entry().map(entry -> entry.launched("it", run.updatedAt())));
    }

    private static StoredRun sameAttempt(StoredRun next) {
        Run run = next.run();
        return next.withRun(
                new Run(
                        run.project(),
                        run.task(),
                        run.id(),
                        run.version(),
                        run.status(),
                        run.environment(),
                        run.stage(),
                        run.branch(),
                        run.errorMessage(),
                        run.output(),
                        run.state(),
                        run.artifacts(),
                        Math.max(1, run.attempt() - 1),
                        run.endReason(),
                        run.createdAt(),
                        run.updatedAt(),
                        run.completedAt()));
    }

    private static boolean hasFailures(StoredRun stored) {
        return stored.entry().filter(entry -> entry.failures() > 0).isPresent();
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
                .map(lease -> RunQueueMutants.unchecked(call, lease))
                .toList();
    }

    static Object readsOnce(Call call) {
        return ((List<?>) call.proceed())
                .stream()
                        .map(
                                one ->
                                        ((Optional<?>) one)
                                                .map(ClaimedRun.class::cast)
                                                .map(it -> asFirstRead(call, it)))
                        .toList();
    }

    private static ClaimedRun asFirstRead(Call call, ClaimedRun renewed) {
        Lease lease = renewed.lease();
        Object claim = List.of(lease.run(), lease.token());
        ClaimedRun first = (ClaimedRun) call.memory().computeIfAbsent(claim, key -> renewed);
        return new ClaimedRun(first.run(), first.entry(), lease);
    }

    private static Object twice(Call call) {
        call.proceed();
        return call.proceed();
    }
}
