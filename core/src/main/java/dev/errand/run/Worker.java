package dev.errand.run;

import dev.errand.engine.Engine;
import dev.errand.engine.OptimisticRetry;
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

/**
 * Executes queued runs within the host's own process, instead of a dispatcher that launches
 * sandboxes: it claims runs under leases and settles them with how they ended, many at a time and
 * in one step each. A project's runs are for workers or for dispatchers, not for both.
 *
 * <p>A run stays {@code queued} until it is settled. A worker that does not settle in time, or
 * dies, loses its lease, and another claims the run: work may begin twice, and is recorded once.
 *
 * <p>Thread-safe; it owns no thread. Every method throws {@link dev.errand.spi.BackendException} if
 * the storage fails; asking again is safe then.
 */
public final class Worker {

    private final Engine engine;
    private final ProjectScope scope;
    private final String name;
    private final Duration leaseFor;

    /** Made by {@link dev.errand.Errand#worker}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public Worker(Engine engine, ProjectScope scope, String name, Duration leaseFor) {
        new ClaimRequest(name, 1, leaseFor); // It says what is wrong with them.
        this.engine = engine;
        this.scope = scope;
        this.name = name;
        this.leaseFor = leaseFor;
    }

    /** Claims the runs that have waited longest, fair between projects; at most {@code max}. */
    public List<ClaimedRun> claim(int max) {
        return worth(engine.backend().queue().claim(scope, request(max)));
    }

    /**
     * Records how runs ended: one answer for each report, in their order.
     *
     * @throws IllegalArgumentException if two reports are about one run
     */
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

    /** Records how runs ended and claims the next ones, in one step. */
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

    /**
     * What a turn brought.
     *
     * @param settled one answer for each report, in their order
     * @param claimed the runs to execute next
     */
    public record Turn(List<SettleOutcome> settled, List<ClaimedRun> claimed) {

        /** Copies the lists. */
        public Turn {
            settled = List.copyOf(settled);
            claimed = List.copyOf(claimed);
        }
    }

    /**
     * Prolongs the lease of a run from now; empty if somebody else has the run, whose work must be
     * dropped then.
     */
    public Optional<ClaimedRun> renew(ClaimedRun claimed) {
        return engine.backend().queue().renew(List.of(claimed.lease()), leaseFor).get(0);
    }

    /** Gives a run back, for others to execute; false if it was not this worker's any more. */
    public boolean release(ClaimedRun claimed) {
        return engine.backend().queue().release(claimed.lease());
    }

    /**
     * Executes one run after the other until none is due, and settles each with the claim of the
     * next. What a job throws is thrown on; its run comes back when the lease has run out.
     *
     * @param job executes a run, within its lease, and says how it ended
     * @return how many runs were executed
     */
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
                RunChanges.settled(before, report.update(), engine.policies().statusPolicy(), now);
        return new Settlement(RunChange.of(before, after).withLease(report.claimed().lease()));
    }

    private <T> T committing(
            List<Settlement> settlements,
            Supplier<T> commit,
            Function<T, List<RunUpdateResult>> answers) {
        return engine.events()
                .committingAll(
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
                    OptimisticRetry.untilAdvanced(
                            engine.random(), new Again(report, first)::attempt);
        }
        if (answer instanceof RunUpdateResult.Updated advanced) {
            RunSecrets.eraseIfOver(engine, advanced.run());
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
                Run after = RunChanges.calledOff(one.run(), now);
                calledOff.add(
                        new Settlement(RunChange.of(one.run(), after).withLease(one.lease())));
            }
        }
        // One that somebody changes at this moment comes back with the end of its lease.
        committing(calledOff, () -> settleOnly(calledOff), Function.identity())
                .forEach(
                        answer -> {
                            if (answer instanceof RunUpdateResult.Updated advanced) {
                                RunSecrets.eraseIfOver(engine, advanced.run());
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
