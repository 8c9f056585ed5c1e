package dev.errand.internal.engine;

import dev.errand.dispatch.Worker;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Claims runs that the host executes in its own process, and writes their final changes.
 * Thread-safe.
 */
public final class RunSettler {

    private final Engine engine;
    private final ProjectScope scope;
    private final String node;
    private final Duration leaseDuration;

    /**
     * Creates a settler.
     *
     * @throws IllegalArgumentException if {@code node} is blank or {@code leaseDuration} is not
     *     positive
     */
    public RunSettler(Engine engine, ProjectScope scope, String node, Duration leaseDuration) {
        new ClaimRequest(node, 1, leaseDuration); // Validates node and leaseDuration.
        this.engine = engine;
        this.scope = scope;
        this.node = node;
        this.leaseDuration = leaseDuration;
    }

    /**
     * The final change of a claimed run.
     *
     * @param claimed the run as it was claimed
     * @param decision returns the run after its final change, which needs no dispatcher action;
     *     called again if the run was changed by another writer
     */
    public record FinalChange(ClaimedRun claimed, UnaryOperator<StoredRun> decision) {}

    /** Claims up to {@code max} runs. Runs that were stopped while they were queued are settled. */
    public List<ClaimedRun> claim(int max) {
        return withoutStopped(engine.backend().queue().claim(scope, request(max)));
    }

    /**
     * Writes final changes of different runs and claims up to {@code max} others, in one
     * transaction.
     */
    public Worker.Batch settleAndClaim(List<FinalChange> changes, int max) {
        if (changes.isEmpty()) {
            return new Worker.Batch(List.of(), max == 0 ? List.of() : claim(max));
        }
        List<Settlement> settlements = new ArrayList<>(changes.size());
        for (FinalChange change : changes) {
            settlements.add(settlement(change, change.claimed().stored()));
        }
        SettleAndClaimResult result =
                committing(
                        settlements, () -> write(settlements, max), SettleAndClaimResult::settled);
        List<Worker.Outcome> outcomes = new ArrayList<>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            outcomes.add(outcome(changes.get(i), result.settled().get(i)));
        }
        return new Worker.Batch(outcomes, withoutStopped(result.claimed()));
    }

    /** Returns a run to the queue. Returns whether the lease was still held. */
    public boolean release(ClaimedRun claimed) {
        return engine.backend().queue().release(claimed.lease());
    }

    private SettleAndClaimResult write(List<Settlement> settlements, int max) {
        return engine.backend().queue().settleAndClaim(settlements, scope, request(max));
    }

    private ClaimRequest request(int max) {
        return new ClaimRequest(node, max, leaseDuration);
    }

    private static Settlement settlement(FinalChange change, StoredRun before) {
        StoredRun after = change.decision().apply(before);
        return new Settlement(RunChange.of(before, after).withLease(change.claimed().lease()));
    }

    private <T> T committing(
            List<Settlement> settlements,
            Supplier<T> commit,
            Function<T, List<RunUpdateResult>> updates) {
        return engine.events()
                .commitAndPublish(
                        () -> settlements.stream().map(one -> one.change().before().id()).toList(),
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

    private List<RunUpdateResult> settleOnly(List<Settlement> settlements) {
        return committing(settlements, () -> write(settlements, 0).settled(), Function.identity());
    }

    /** Decides again if the run was changed while it was executed. */
    private Worker.Outcome outcome(FinalChange change, RunUpdateResult first) {
        RunUpdateResult update = first;
        if (first instanceof RunUpdateResult.Stale) {
            update =
                    OptimisticRetry.untilPresent(
                            engine.random(), new SettlementRetry(change, first)::attempt);
        }
        if (update instanceof RunUpdateResult.Updated updated) {
            RunSecrets.eraseIfFinished(engine, updated.run());
            return new Worker.Outcome.Recorded(updated.run().run());
        }
        return new Worker.Outcome.LeaseLost(change.claimed().run().id());
    }

    /** Settles a run that was changed while it was executed, from its current version. */
    private final class SettlementRetry {
        private final FinalChange change;
        private RunUpdateResult last;

        private SettlementRetry(FinalChange change, RunUpdateResult first) {
            this.change = change;
            this.last = first;
        }

        private Optional<RunUpdateResult> attempt() {
            StoredRun current = ((RunUpdateResult.Stale) last).current();
            last = settleOnly(List.of(settlement(change, current))).get(0);
            return last instanceof RunUpdateResult.Stale ? Optional.empty() : Optional.of(last);
        }
    }

    /**
     * Settles the claimed runs that ended, or were requested to stop, while they were queued;
     * returns the others.
     */
    private List<ClaimedRun> withoutStopped(List<ClaimedRun> claimed) {
        if (claimed.stream().noneMatch(each -> RunUpdateRules.isStopped(each.stored()))) {
            return claimed;
        }
        List<ClaimedRun> rest = new ArrayList<>();
        List<Settlement> stopped = new ArrayList<>();
        for (ClaimedRun each : claimed) {
            if (RunUpdateRules.isStopped(each.stored())) {
                stopped.add(
                        settlement(
                                new FinalChange(
                                        each, run -> RunUpdateRules.stopped(run, engine.now())),
                                each.stored()));
            } else {
                rest.add(each);
            }
        }
        // A run that was changed since the claim is claimed again when its lease expires.
        for (RunUpdateResult update : settleOnly(stopped)) {
            if (update instanceof RunUpdateResult.Updated updated) {
                RunSecrets.eraseIfFinished(engine, updated.run());
            }
        }
        return List.copyOf(rest);
    }
}
