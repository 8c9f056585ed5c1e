package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Broken worker pools, simulated by changing their calls of the queue. */
final class WorkerPoolMutants {

    private static final int MANY = 1_000;

    private WorkerPoolMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W1, "settleAndClaim", "records a failed handler as completed", settled(WorkerPoolMutants::hasFailed, edit -> edit.endedWith(RunStatus.COMPLETED, EndReason.REPORTED))),
            mutant(W1, "settleAndClaim", "completes a run that was handed off", settled(change -> change.before().stopReason().equals(Optional.of(StopReason.HANDOFF)), edit -> edit.endedWith(RunStatus.COMPLETED, EndReason.REPORTED))),
            mutant(W1, "settleAndClaim", "records a reached time limit as a failure of the handler", settled(WorkerPoolMutants::hasReachedTimeLimit, edit -> edit.endedWith(RunStatus.FAILED, EndReason.REPORTED))),
            mutant(W3, "settleAndClaim", "drops the end of a run that reached its time limit", unsettled(WorkerPoolMutants::hasReachedTimeLimit)),
            mutant(W3, "settleAndClaim", "drops the end of a run that was cancelled", unsettled(change -> change.after().run().status() == RunStatus.CANCELLED)),
            mutant(W2, "settleAndClaim", "loses the runs that are claimed with results", WorkerPoolMutants::forgets),
            mutant(W4, "settleAndClaim", "claims more runs with results than it has handlers", WorkerPoolMutants::takesMore),
            mutant(W3, "renew", "ignores changes after its first read", DispatcherMutants::readsOnce),
            mutant(W4, "renew", "continues without its lease", RunQueueMutants::renewsLostLeases),
            mutant(W4, "renew", "continues without renewal", DispatcherMutants::onlyReads),
            mutant(W2, "release", "keeps the runs that it does not begin", call -> true));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(
                Part.DISPATCHER,
                failureMode,
                RunQueue.class,
                method,
                "a pool " + name,
                call -> isOfPool(call) ? defect.apply(call) : call.proceed());
    }

    /** The pools of the contract have names that no dispatcher has. */
    private static boolean isOfPool(Call call) {
        Object first = call.argument(0);
        String owner;
        if (first instanceof Lease lease) {
            owner = lease.owner();
        } else if (first instanceof List<?> list
                && !list.isEmpty()
                && list.get(0) instanceof Lease lease) {
            owner = lease.owner();
        } else {
            owner = call.<ClaimRequest>argument(2).owner();
        }
        return owner.startsWith("pool");
    }

    private static boolean hasFailed(RunChange change) {
        Run run = change.after().run();
        return run.status() == RunStatus.FAILED
                && run.endReason().equals(Optional.of(EndReason.REPORTED));
    }

    private static boolean hasReachedTimeLimit(RunChange change) {
        return change.after().run().endReason().equals(Optional.of(EndReason.TIME_LIMIT));
    }

    /** Alters the settlements that match. */
    private static Defect settled(
            Predicate<RunChange> matching, UnaryOperator<Run.Builder> broken) {
        return call ->
                call.proceedWith(
                        0,
                        call.<List<Settlement>>argument(0).stream()
                                .map(Settlement::change)
                                .map(
                                        change ->
                                                matching.test(change)
                                                        ? RuleMutants.to(
                                                                RuleMutants.edited(
                                                                        change.after(), broken),
                                                                change)
                                                        : change)
                                .map(Settlement::new)
                                .toList());
    }

    /** Does not write the settlements that match, but reports success. */
    private static Defect unsettled(Predicate<RunChange> matching) {
        return call -> {
            List<Settlement> settlements = call.argument(0);
            SettleAndClaimResult written =
                    (SettleAndClaimResult)
                            call.proceedWith(
                                    0,
                                    settlements.stream()
                                            .filter(each -> !matching.test(each.change()))
                                            .toList());
            var results = written.settled().iterator();
            return new SettleAndClaimResult(
                    settlements.stream()
                            .map(Settlement::change)
                            .map(
                                    change ->
                                            matching.test(change)
                                                    ? new RunUpdateResult.Updated(change.after())
                                                    : results.next())
                            .toList(),
                    written.claimed());
        };
    }

    private static Object forgets(Call call) {
        return new SettleAndClaimResult(
                ((SettleAndClaimResult) call.proceed()).settled(), List.of());
    }

    private static Object takesMore(Call call) {
        ClaimRequest given = call.argument(2);
        return given.max() == 0
                ? call.proceed()
                : call.proceedWith(
                        2, new ClaimRequest(given.owner(), MANY, given.leaseFor(), given.limits()));
    }
}
