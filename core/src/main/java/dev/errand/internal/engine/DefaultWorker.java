package dev.errand.internal.engine;

import dev.errand.dispatch.SettleOutcome;
import dev.errand.dispatch.WorkResult;
import dev.errand.dispatch.Worker;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
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
    private final String name;
    private final Duration leaseDuration;

    public DefaultWorker(Engine engine, ProjectScope scope, String name, Duration leaseDuration) {
        new ClaimRequest(name, 1, leaseDuration); // Checks both values.
        this.engine = engine;
        this.scope = scope;
        this.name = name;
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
        List<RunUpdateResult> answers =
                committing(settlements, () -> settleOnly(settlements), Function.identity());
        return settled(results, answers);
    }

    @Override
    public Batch settleAndClaim(List<WorkResult> results, int max) {
        if (results.isEmpty()) {
            return new Batch(List.of(), claim(max));
        }
        List<Settlement> settlements = settlements(results);
        SettleAndClaimResult answer =
                committing(
                        settlements,
                        () ->
                                engine.backend()
                                        .queue()
                                        .settleAndClaim(settlements, scope, request(max)),
                        SettleAndClaimResult::settled);
        return new Batch(settled(results, answer.settled()), withoutStopped(answer.claimed()));
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
        return new ClaimRequest(name, max, leaseDuration);
    }

    private List<Settlement> settlements(List<WorkResult> results) {
        results.forEach(result -> engine.validator().validate(result.update()));
        requireDifferentRuns(results);
        Instant now = engine.now();
        if (results.size() == 1) { // The common case, without a list.
            return List.of(settlement(results.get(0), results.get(0).claimed().run(), now));
        }
        List<Settlement> settlements = new ArrayList<>(results.size());
        for (WorkResult result : results) {
            settlements.add(settlement(result, result.claimed().run(), now));
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

    private Settlement settlement(WorkResult result, Run before, Instant now) {
        Run after =
                RunUpdateRules.settled(
                        before, result.update(), engine.options().statusPolicy(), now);
        return new Settlement(RunChange.of(before, after).withLease(result.claimed().lease()));
    }

    private <T> T committing(
            List<Settlement> settlements,
            Supplier<T> commit,
            Function<T, List<RunUpdateResult>> answers) {
        return engine.events()
                .commitAndPublish(
                        () -> settlements.stream().map(one -> one.change().before().id()).toList(),
                        commit,
                        committed -> events(settlements, answers.apply(committed)));
    }

    private static List<RunEvent> events(
            List<Settlement> settlements, List<RunUpdateResult> answers) {
        List<RunEvent> events = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i) instanceof RunUpdateResult.Updated) {
                events.addAll(settlements.get(i).change().events());
            }
        }
        return events;
    }

    private List<SettleOutcome> settled(List<WorkResult> results, List<RunUpdateResult> answers) {
        if (answers.size() == 1) {
            return List.of(settled(results.get(0), answers.get(0)));
        }
        List<SettleOutcome> settled = new ArrayList<>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            settled.add(settled(results.get(i), answers.get(i)));
        }
        return List.copyOf(settled);
    }

    /** Decides again if the run was changed while this worker executed it. */
    private SettleOutcome settled(WorkResult result, RunUpdateResult first) {
        RunUpdateResult answer = first;
        if (first instanceof RunUpdateResult.Stale) {
            answer =
                    OptimisticRetry.untilPresent(
                            engine.random(), new Again(result, first)::attempt);
        }
        if (answer instanceof RunUpdateResult.Updated updated) {
            RunSecrets.eraseIfFinished(engine, updated.run());
            return new SettleOutcome.Recorded(updated.run());
        }
        return new SettleOutcome.LeaseLost(result.claimed().run().id());
    }

    private final class Again {
        private final WorkResult result;
        private RunUpdateResult last;

        private Again(WorkResult result, RunUpdateResult first) {
            this.result = result;
            this.last = first;
        }

        private Optional<RunUpdateResult> attempt() {
            Run current = ((RunUpdateResult.Stale) last).current();
            List<Settlement> one = List.of(settlement(result, current, engine.now()));
            last = committing(one, () -> settleOnly(one), Function.identity()).get(0);
            return last instanceof RunUpdateResult.Stale ? Optional.empty() : Optional.of(last);
        }
    }

    /** Settles the runs that ended or must stop while they were queued, and returns the others. */
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
                Run after = RunUpdateRules.stoppedBeforeExecution(one.run(), now);
                stopped.add(new Settlement(RunChange.of(one.run(), after).withLease(one.lease())));
            }
        }
        // A run that is changed at this moment is claimed again when its lease expires.
        committing(stopped, () -> settleOnly(stopped), Function.identity())
                .forEach(
                        answer -> {
                            if (answer instanceof RunUpdateResult.Updated updated) {
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
        return claimed.run().status().isTerminal() || claimed.run().dispatch().stop().isPresent();
    }
}
