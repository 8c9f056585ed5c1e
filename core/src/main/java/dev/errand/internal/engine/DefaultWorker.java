package dev.errand.internal.engine;

import dev.errand.dispatch.SettleOutcome;
import dev.errand.dispatch.WorkResult;
import dev.errand.dispatch.Worker;
import dev.errand.internal.rules.RunChanges;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.dispatch.SettleAndClaimResult;
import dev.errand.spi.dispatch.Settlement;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunUpdateResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The default implementation of {@link Worker}. */
public final class DefaultWorker implements Worker {

    private final Engine engine;
    private final ProjectScope scope;
    private final String name;
    private final Duration leaseFor;

    /**
     * Creates a worker.
     *
     * @throws IllegalArgumentException if {@code name} is blank or {@code leaseFor} is not positive
     */
    public DefaultWorker(Engine engine, ProjectScope scope, String name, Duration leaseFor) {
        new ClaimRequest(name, 1, leaseFor); // Validates both.
        this.engine = engine;
        this.scope = scope;
        this.name = name;
        this.leaseFor = leaseFor;
    }

    @Override
    public List<ClaimedRun> claim(int max) {
        return withoutStopped(engine.backend().queue().claim(scope, request(max)));
    }

    @Override
    public List<SettleOutcome> settle(List<WorkResult> reports) {
        if (reports.isEmpty()) {
            return List.of();
        }
        return outcomes(reports, settleOnly(settlements(reports)));
    }

    @Override
    public Turn settleAndClaim(List<WorkResult> reports, int max) {
        if (reports.isEmpty()) {
            return new Turn(List.of(), claim(max));
        }
        SettleAndClaimResult result = commit(settlements(reports), max);
        return new Turn(outcomes(reports, result.settled()), withoutStopped(result.claimed()));
    }

    @Override
    public Optional<ClaimedRun> renew(ClaimedRun claimed) {
        return engine.backend().queue().renew(List.of(claimed.lease()), leaseFor).get(0);
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
            WorkResult report = new WorkResult(next, job.apply(next));
            claimed = settleAndClaim(List.of(report), 1).claimed();
            executed++;
        }
        return executed;
    }

    private ClaimRequest request(int max) {
        return new ClaimRequest(name, max, leaseFor);
    }

    private List<Settlement> settlements(List<WorkResult> reports) {
        requireDifferentRuns(reports);
        Instant now = engine.now();
        return reports.stream()
                .map(report -> settlement(report, report.claimed().run(), now))
                .toList();
    }

    private static void requireDifferentRuns(List<WorkResult> reports) {
        Set<RunId> runs = new HashSet<>();
        for (WorkResult report : reports) {
            if (!runs.add(report.claimed().run().id())) {
                throw new IllegalArgumentException(
                        "there are two results for run " + report.claimed().run().id());
            }
        }
    }

    private Settlement settlement(WorkResult report, Run before, Instant now) {
        Run after =
                RunChanges.settled(before, report.update(), engine.options().statusPolicy(), now);
        return new Settlement(RunChange.of(before, after).withLease(report.claimed().lease()));
    }

    private List<RunUpdateResult> settleOnly(List<Settlement> settlements) {
        return commit(settlements, 0).settled();
    }

    private SettleAndClaimResult commit(List<Settlement> settlements, int maxClaims) {
        return engine.events()
                .commitAndPublish(
                        () -> settlements.stream().map(one -> one.change().before().id()).toList(),
                        () ->
                                engine.backend()
                                        .queue()
                                        .settleAndClaim(settlements, scope, request(maxClaims)),
                        result -> events(settlements, result.settled()));
    }

    private static List<RunEvent> events(
            List<Settlement> settlements, List<RunUpdateResult> results) {
        List<RunEvent> events = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof RunUpdateResult.Updated) {
                events.addAll(settlements.get(i).change().events());
            }
        }
        return events;
    }

    private List<SettleOutcome> outcomes(List<WorkResult> reports, List<RunUpdateResult> results) {
        List<SettleOutcome> outcomes = new ArrayList<>(results.size());
        for (int i = 0; i < results.size(); i++) {
            outcomes.add(outcome(reports.get(i), results.get(i)));
        }
        return List.copyOf(outcomes);
    }

    private SettleOutcome outcome(WorkResult report, RunUpdateResult result) {
        // The run was updated by somebody else since it was claimed.
        RunUpdateResult last =
                result instanceof RunUpdateResult.Stale stale ? settleAgain(report, stale) : result;
        if (last instanceof RunUpdateResult.Updated updated) {
            RunSecrets.eraseIfFinished(engine, updated.run());
            return new SettleOutcome.Recorded(updated.run());
        }
        return new SettleOutcome.LeaseLost(report.claimed().run().id());
    }

    private RunUpdateResult settleAgain(WorkResult report, RunUpdateResult.Stale first) {
        AtomicReference<Run> current = new AtomicReference<>(first.current());
        return OptimisticRetry.untilPresent(
                engine.random(),
                () -> {
                    RunUpdateResult result =
                            settleOnly(List.of(settlement(report, current.get(), engine.now())))
                                    .get(0);
                    if (result instanceof RunUpdateResult.Stale stale) {
                        current.set(stale.current());
                        return Optional.empty();
                    }
                    return Optional.of(result);
                });
    }

    /**
     * Returns the claimed runs except those that were stopped while they waited, and ends those.
     */
    private List<ClaimedRun> withoutStopped(List<ClaimedRun> claimed) {
        if (claimed.stream().noneMatch(DefaultWorker::isStopped)) {
            return claimed;
        }
        Instant now = engine.now();
        List<Settlement> stopped =
                claimed.stream()
                        .filter(DefaultWorker::isStopped)
                        .map(
                                one ->
                                        new Settlement(
                                                RunChange.of(
                                                                one.run(),
                                                                RunChanges.stoppedBeforeExecution(
                                                                        one.run(), now))
                                                        .withLease(one.lease())))
                        .toList();
        // A run that is updated at this moment is claimed again when its lease expires.
        for (RunUpdateResult result : settleOnly(stopped)) {
            if (result instanceof RunUpdateResult.Updated updated) {
                RunSecrets.eraseIfFinished(engine, updated.run());
            }
        }
        return claimed.stream().filter(one -> !isStopped(one)).toList();
    }

    private static boolean isStopped(ClaimedRun claimed) {
        return claimed.run().status().isTerminal() || claimed.run().dispatch().stop().isPresent();
    }
}
