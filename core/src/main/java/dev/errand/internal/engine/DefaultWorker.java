package dev.errand.internal.engine;

import dev.errand.dispatch.SettleOutcome;
import dev.errand.dispatch.WorkResult;
import dev.errand.dispatch.Worker;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** The default implementation of {@link Worker}. */
public final class DefaultWorker implements Worker {

    private final Engine engine;
    private final ProjectScope scope;
    private final String node;
    private final Duration leaseDuration;

    public DefaultWorker(Engine engine, ProjectScope scope, String node, Duration leaseDuration) {
        new ClaimRequest(node, 1, leaseDuration); // Validates node and leaseDuration.
        this.engine = engine;
        this.scope = scope;
        this.node = node;
        this.leaseDuration = leaseDuration;
    }

    @Override
    public List<ClaimedRun> claim(int max) {
        return withoutStopped(engine.backend().queue().claim(scope, request(max)));
    }

    @Override
    public List<SettleOutcome> settle(List<WorkResult> results) {
        if (results.isEmpty()) {
            return List.of();
        }
        List<Settlement> settlements = settlements(results);
        List<RunUpdateResult> updates =
                committing(settlements, () -> settleOnly(settlements), Function.identity());
        return settled(results, updates);
    }

    @Override
    public Batch settleAndClaim(List<WorkResult> results, int max) {
        if (results.isEmpty()) {
            return new Batch(List.of(), claim(max));
        }
        List<Settlement> settlements = settlements(results);
        SettleAndClaimResult result =
                committing(
                        settlements,
                        () ->
                                engine.backend()
                                        .queue()
                                        .settleAndClaim(settlements, scope, request(max)),
                        SettleAndClaimResult::settled);
        return new Batch(settled(results, result.settled()), withoutStopped(result.claimed()));
    }

    @Override
    public Optional<ClaimedRun> renew(ClaimedRun claimed) {
        return engine.backend().queue().renew(List.of(claimed.lease()), leaseDuration).get(0);
    }

    @Override
    public boolean release(ClaimedRun claimed) {
        return engine.backend().queue().release(claimed.lease());
    }

    @Override
    public int workUntilIdle(Function<ClaimedRun, UpdateRunRequest> job) {
        int executed = 0;
        List<ClaimedRun> claimed = claim(1);
        while (!claimed.isEmpty()) {
            ClaimedRun next = claimed.get(0);
            WorkResult result = new WorkResult(next, job.apply(next));
            claimed = settleAndClaim(List.of(result), 1).claimed();
            executed++;
        }
        return executed;
    }

    private List<RunUpdateResult> settleOnly(List<Settlement> settlements) {
        return engine.backend().queue().settleAndClaim(settlements, scope, request(0)).settled();
    }

    private ClaimRequest request(int max) {
        return new ClaimRequest(node, max, leaseDuration);
    }

    private List<Settlement> settlements(List<WorkResult> results) {
        results.forEach(result -> engine.validator().validate(result.update()));
        requireDifferentRuns(results);
        Instant now = engine.now();
        if (results.size() == 1) { // The common case, without a list.
            return List.of(settlement(results.get(0), results.get(0).claimed().stored(), now));
        }
        List<Settlement> settlements = new ArrayList<>(results.size());
        for (WorkResult result : results) {
            settlements.add(settlement(result, result.claimed().stored(), now));
        }
        return settlements;
    }

    private static void requireDifferentRuns(List<WorkResult> results) {
        if (results.size() == 1) {
            return;
        }
        Set<RunId> runs = new HashSet<>();
        for (WorkResult result : results) {
            if (!runs.add(result.claimed().run().id())) {
                throw new IllegalArgumentException(
                        "two results are for run " + result.claimed().run().id());
            }
        }
    }

    private Settlement settlement(WorkResult result, StoredRun before, Instant now) {
        StoredRun after =
                RunUpdateRules.settled(
                        before, result.update(), engine.options().statusPolicy(), now);
        return new Settlement(RunChange.of(before, after).withLease(result.claimed().lease()));
    }

    private <T> T committing(
            List<Settlement> settlements,
            Supplier<T> commit,
            Function<T, List<RunUpdateResult>> updates) {
        return engine.events()
                .commitAndPublish(
                        () ->
                                settlements.stream()
                                        .map(one -> one.change().before().run().id())
                                        .toList(),
                        commit,
                        committed -> events(settlements, updates.apply(committed)));
    }

    private static List<RunEvent> events(
            List<Settlement> settlements, List<RunUpdateResult> updates) {
        List<RunEvent> events = new ArrayList<>();
        for (int i = 0; i < updates.size(); i++) {
            if (updates.get(i) instanceof RunUpdateResult.Updated) {
                events.addAll(settlements.get(i).change().events());
            }
        }
        return events;
    }

    private List<SettleOutcome> settled(List<WorkResult> results, List<RunUpdateResult> updates) {
        if (updates.size() == 1) {
            return List.of(settled(results.get(0), updates.get(0)));
        }
        List<SettleOutcome> settled = new ArrayList<>(updates.size());
        for (int i = 0; i < updates.size(); i++) {
            settled.add(settled(results.get(i), updates.get(i)));
        }
        return List.copyOf(settled);
    }

    /** Decides again if the run was changed while this worker executed it. */
    private SettleOutcome settled(WorkResult result, RunUpdateResult first) {
        RunUpdateResult update = first;
        if (first instanceof RunUpdateResult.Stale) {
            update =
                    OptimisticRetry.untilPresent(
                            engine.random(), new SettlementRetry(result, first)::attempt);
        }
        if (update instanceof RunUpdateResult.Updated updated) {
            RunSecrets.eraseIfFinished(engine, updated.run());
            return new SettleOutcome.Recorded(updated.run().run());
        }
        return new SettleOutcome.LeaseLost(result.claimed().run().id());
    }

    /** Settles a run that was changed while it was executed, from its current version. */
    private final class SettlementRetry {
        private final WorkResult result;
        private RunUpdateResult last;

        private SettlementRetry(WorkResult result, RunUpdateResult first) {
            this.result = result;
            this.last = first;
        }

        private Optional<RunUpdateResult> attempt() {
            StoredRun current = ((RunUpdateResult.Stale) last).current();
            List<Settlement> one = List.of(settlement(result, current, engine.now()));
            last = committing(one, () -> settleOnly(one), Function.identity()).get(0);
            return last instanceof RunUpdateResult.Stale ? Optional.empty() : Optional.of(last);
        }
    }

    /**
     * Settles the claimed runs that ended, or were requested to stop, while they were queued;
     * returns the others.
     */
    private List<ClaimedRun> withoutStopped(List<ClaimedRun> claimed) {
        if (!isAnyStopped(claimed)) {
            return claimed;
        }
        List<ClaimedRun> rest = new ArrayList<>(claimed);
        List<Settlement> stopped = new ArrayList<>();
        Instant now = engine.now();
        for (ClaimedRun one : claimed) {
            if (isStopped(one)) {
                rest.remove(one);
                StoredRun before = one.stored();
                StoredRun after = RunUpdateRules.stoppedBeforeExecution(before, now);
                stopped.add(new Settlement(RunChange.of(before, after).withLease(one.lease())));
            }
        }
        // A run that was changed since the claim is claimed again when its lease expires.
        committing(stopped, () -> settleOnly(stopped), Function.identity())
                .forEach(
                        update -> {
                            if (update instanceof RunUpdateResult.Updated updated) {
                                RunSecrets.eraseIfFinished(engine, updated.run());
                            }
                        });
        return List.copyOf(rest);
    }

    private static boolean isAnyStopped(List<ClaimedRun> claimed) {
        for (ClaimedRun one : claimed) {
            if (isStopped(one)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isStopped(ClaimedRun claimed) {
        return claimed.run().status().isTerminal() || claimed.entry().stop().isPresent();
    }
}
