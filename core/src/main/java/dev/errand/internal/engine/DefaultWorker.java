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
import java.util.function.Function;
import java.util.function.Supplier;

/** The default implementation of {@link Worker}. */
public final class DefaultWorker implements Worker {

    private final Engine engine;
    private final ProjectScope scope;
    private final String name;
    private final Duration leaseFor;

    public DefaultWorker(Engine engine, ProjectScope scope, String name, Duration leaseFor) {
        new ClaimRequest(name, 1, leaseFor); // Validates both.
        this.engine = engine;
        this.scope = scope;
        this.name = name;
        this.leaseFor = leaseFor;
    }

    @Override
    public List<ClaimedRun> claim(int max) {
        return worth(engine.backend().queue().claim(scope, request(max)));
    }

    @Override
    public List<SettleOutcome> settle(List<WorkResult> reports) {
        if (reports.isEmpty()) {
            return List.of();
        }
        List<Settlement> settlements = settlements(reports);
        List<RunUpdateResult> answers =
                committing(settlements, () -> settleOnly(settlements), Function.identity());
        return settled(reports, answers);
    }

    private List<RunUpdateResult> settleOnly(List<Settlement> settlements) {
        return engine.backend().queue().settleAndClaim(settlements, scope, request(0)).settled();
    }

    @Override
    public Turn settleAndClaim(List<WorkResult> reports, int max) {
        if (reports.isEmpty()) {
            return new Turn(List.of(), claim(max));
        }
        List<Settlement> settlements = settlements(reports);
        SettleAndClaimResult answer =
                committing(
                        settlements,
                        () ->
                                engine.backend()
                                        .queue()
                                        .settleAndClaim(settlements, scope, request(max)),
                        SettleAndClaimResult::settled);
        return new Turn(settled(reports, answer.settled()), worth(answer.claimed()));
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
        if (reports.size() == 1) { // The usual case.
            return List.of(settlement(reports.get(0), reports.get(0).claimed().run(), now));
        }
        List<Settlement> settlements = new ArrayList<>(reports.size());
        for (WorkResult report : reports) {
            settlements.add(settlement(report, report.claimed().run(), now));
        }
        return settlements;
    }

    private static void requireDifferentRuns(List<WorkResult> reports) {
        if (reports.size() == 1) {
            return;
        }
        Set<RunId> runs = new HashSet<>();
        for (WorkResult report : reports) {
            if (!runs.add(report.claimed().run().id())) {
                throw new IllegalArgumentException(
                        "two reports are about run " + report.claimed().run().id());
            }
        }
    }

    private Settlement settlement(WorkResult report, Run before, Instant now) {
        Run after =
                RunChanges.settled(before, report.update(), engine.options().statusPolicy(), now);
        return new Settlement(RunChange.of(before, after).withLease(report.claimed().lease()));
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

    private List<SettleOutcome> settled(List<WorkResult> reports, List<RunUpdateResult> answers) {
        if (answers.size() == 1) {
            return List.of(settled(reports.get(0), answers.get(0)));
        }
        List<SettleOutcome> settled = new ArrayList<>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            settled.add(settled(reports.get(i), answers.get(i)));
        }
        return List.copyOf(settled);
    }

    /** Somebody reported on the run meanwhile, while this worker had it: decide once more. */
    private SettleOutcome settled(WorkResult report, RunUpdateResult first) {
        RunUpdateResult answer = first;
        if (first instanceof RunUpdateResult.Stale) {
            answer =
                    OptimisticRetry.untilPresent(
                            engine.random(), new Again(report, first)::attempt);
        }
        if (answer instanceof RunUpdateResult.Updated advanced) {
            RunSecrets.eraseIfFinished(engine, advanced.run());
            return new SettleOutcome.Recorded(advanced.run());
        }
        return new SettleOutcome.LeaseLost(report.claimed().run().id());
    }

    private final class Again {
        private final WorkResult report;
        private RunUpdateResult last;

        private Again(WorkResult report, RunUpdateResult first) {
            this.report = report;
            this.last = first;
        }

        private Optional<RunUpdateResult> attempt() {
            Run current = ((RunUpdateResult.Stale) last).current();
            List<Settlement> one = List.of(settlement(report, current, engine.now()));
            last = committing(one, () -> settleOnly(one), Function.identity()).get(0);
            return last instanceof RunUpdateResult.Stale ? Optional.empty() : Optional.of(last);
        }
    }

    /**
     * Leaves out what is not worth executing, because it was called off while it waited, and
     * settles that.
     */
    private List<ClaimedRun> worth(List<ClaimedRun> claimed) {
        if (!isAnyCalledOff(claimed)) {
            return claimed;
        }
        List<ClaimedRun> rest = new ArrayList<>(claimed);
        List<Settlement> calledOff = new ArrayList<>();
        Instant now = engine.now();
        for (ClaimedRun one : claimed) {
            if (isCalledOff(one)) {
                rest.remove(one);
                Run after = RunChanges.stoppedBeforeExecution(one.run(), now);
                calledOff.add(
                        new Settlement(RunChange.of(one.run(), after).withLease(one.lease())));
            }
        }
        // One that somebody changes at this moment comes back with the end of its lease.
        committing(calledOff, () -> settleOnly(calledOff), Function.identity())
                .forEach(
                        answer -> {
                            if (answer instanceof RunUpdateResult.Updated advanced) {
                                RunSecrets.eraseIfFinished(engine, advanced.run());
                            }
                        });
        return List.copyOf(rest);
    }

    private static boolean isAnyCalledOff(List<ClaimedRun> claimed) {
        for (ClaimedRun one : claimed) {
            if (isCalledOff(one)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCalledOff(ClaimedRun claimed) {
        return claimed.run().status().isTerminal() || claimed.run().dispatch().stop().isPresent();
    }
}
