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
import java.util.Iterator;
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
     * @param decision returns the run after its final change, which needs no dispatcher action
     *     unless its next attempt is queued; called again if the run was changed by another writer
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
        List<RunChange> decided =
                changes.stream().map(each -> decide(each, each.claimed().stored())).toList();
        List<Settlement> settlements =
                decided.stream().filter(RunSettler::settles).map(Settlement::new).toList();
        SettleAndClaimResult result =
                committing(
                        settlements, () -> write(settlements, max), SettleAndClaimResult::settled);
        Iterator<RunUpdateResult> settled = result.settled().iterator();
        List<Worker.Outcome> outcomes = new ArrayList<>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            RunChange change = decided.get(i);
            outcomes.add(
                    outcome(changes.get(i), settles(change) ? settled.next() : writeAlone(change)));
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

    private static RunChange decide(FinalChange change, StoredRun before) {
        StoredRun after = change.decision().apply(before);
        return RunChange.of(before, after).withLease(change.claimed().lease()).releasingLease();
    }

    /** Whether the change is the last one. After another one, the next attempt is queued. */
    private static boolean settles(RunChange change) {
        return change.after().entry().isEmpty();
    }

    private RunUpdateResult writeAlone(RunChange change) {
        return settles(change)
                ? settleOnly(List.of(new Settlement(change))).get(0)
                : engine.events()
                        .commitAndPublish(
                                () -> List.of(change.before().id()),
                                () ->
                                        engine.backend()
                                                .runs()
                                                .update(change.before().project(), change),
                                result ->
                                        result instanceof RunUpdateResult.Updated
                                                ? change.events()
                                                : List.of());
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
            last = writeAlone(decide(change, current));
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
        List<RunChange> stopped = new ArrayList<>();
        for (ClaimedRun each : claimed) {
            if (RunUpdateRules.isStopped(each.stored())) {
                stopped.add(
                        decide(
                                new FinalChange(
                                        each, run -> RunUpdateRules.stopped(run, engine.now())),
                                each.stored()));
            } else {
                rest.add(each);
            }
        }
        // A run that was changed since the claim is claimed again when its lease expires.
        List<RunUpdateResult> updates = new ArrayList<>();
        updates.addAll(
                settleOnly(
                        stopped.stream()
                                .filter(RunSettler::settles)
                                .map(Settlement::new)
                                .toList()));
        stopped.stream().filter(each -> !settles(each)).map(this::writeAlone).forEach(updates::add);
        for (RunUpdateResult update : updates) {
            if (update instanceof RunUpdateResult.Updated updated) {
                RunSecrets.eraseIfFinished(engine, updated.run());
            }
        }
        return List.copyOf(rest);
    }
}
