package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.QueueDepth;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.TaskFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Broken run queues. */
final class RunQueueMutants {

    /** The contract tests use projects 1 to 10 only. */
    private static final long PROJECTS = 10;

    private static final Duration MOMENT = Duration.ofNanos(1_000);

    private RunQueueMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W4, "claim", "releases its leases immediately", RunQueueMutants::claimsWithoutALease),
            mutant(W4, "claim", "gives every lease the same fencing token", claimed(RunQueueMutants::underTheFirstToken)),
            mutant(W5, "claim", "hides that a launch may be unrecorded", claimed(RunQueueMutants::withoutDoubt)),
            mutant(W3, "claim", "returns every run only once", RunQueueMutants::onceOnly),
            mutant(W2, "claim", "loses the claimed runs of every second call", RunQueueMutants::losesEverySecond),
            mutant(W3, "claim", "returns the latest first", Defects.backwards()),
            mutant(W3, "claim", "serves one project after another", RunQueueMutants::notFair),
            mutant(W3, "claim", "returns the lowest priority first", RunQueueMutants::leastUrgentFirst),
            mutant(W3, "claim", "returns abandoned runs last", RunQueueMutants::abandonedLast),
            mutant(W4, "claim", "ignores the maximum number of runs", RunQueueMutants::doesNotCount),
            mutant(W4, "claim", "ignores all concurrency limits", limits(given -> ConcurrencyLimits.NONE)),
            mutant(W4, "claim", "ignores the limits of single projects", limits(given -> new ConcurrencyLimits(given.total(), given.perProject(), Map.of()))),
            mutant(W4, "claim", "ignores the total limit", limits(given -> new ConcurrencyLimits(OptionalInt.empty(), given.perProject(), given.projectOverrides()))),
            mutant(W6, "claim", "ignores the project scope", call -> call.proceedWith(0, ProjectScope.everyProject())),
            mutant(W4, "renew", "renews lost leases", RunQueueMutants::renewsLostLeases),
            mutant(W4, "renew", "renews no lease", RunQueueMutants::renewsNothing),
            mutant(W4, "renew", "returns an outdated run", RunQueueMutants::returnsFirstState),
            mutant(W6, "renew", "ignores the project", RunQueueMutants::renewsInAnyProject),
            mutant(W4, "renew", "renews for a microsecond", call -> call.proceedWith(1, MOMENT)),
            mutant(W3, "renew", "renews no lease if one is lost", RunQueueMutants::allOrNone),
            mutant(W6, "renew", "returns the results in reverse order", Defects.backwards()),
            mutant(W3, "release", "reports success without releasing", call -> true),
            mutant(W4, "release", "always reports success", RunQueueMutants::reportsSuccess),
            mutant(W6, "release", "ignores the project", RunQueueMutants::releasesInAnyProject),
            mutant(W4, "settleAndClaim", "ignores the lease", RunQueueMutants::settlesUnderNoLease),
            mutant(W2, "settleAndClaim", "stops at the first rejected settlement", RunQueueMutants::stopsAtFirstRejection),
            mutant(W5, "settleAndClaim", "always reports success", RunQueueMutants::reportsSettled),
            mutant(W6, "settleAndClaim", "returns the results in reverse order", RunQueueMutants::settlesBackwards),
            mutant(W3, "settleAndClaim", "claims no runs", RunQueueMutants::onlySettles),
            mutant(W2, "settleAndClaim", "settles no runs", RunQueueMutants::onlyClaims),
            mutant(W6, "settleAndClaim", "ignores the project scope", call -> call.proceedWith(1, ProjectScope.everyProject())),
            mutant(W4, "findLease", "finds no lease", call -> Optional.empty()),
            mutant(W6, "findLease", "ignores the project", Defects.anyProject()),
            mutant(W3, "nextDue", "never returns a time", call -> Optional.empty()),
            mutant(W3, "nextDue", "ignores the project scope", call -> call.proceedWith(0, ProjectScope.everyProject())),
            mutant(W3, "depth", "counts unattended runs as waiting", depth(RunQueueMutants::countsUnattendedAsWaiting)),
            mutant(W3, "depth", "counts at most one waiting run", depth(RunQueueMutants::oneAtMost)),
            mutant(W4, "depth", "does not count unattended runs", depth(of -> new QueueDepth(of.waiting(), of.waitingSince(), 0))),
            mutant(W3, "depth", "always returns its first result", Defects.alwaysFirstResult(0)),
            mutant(W6, "depth", "ignores the project scope", call -> call.proceedWith(0, ProjectScope.everyProject())));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, RunQueue.class, method, name, defect);
    }

    private static List<ClaimedRun> claimedBy(Call call) {
        return ((List<?>) call.proceed()).stream().map(ClaimedRun.class::cast).toList();
    }

    private static Defect claimed(UnaryOperator<ClaimedRun> broken) {
        return call -> claimedBy(call).stream().map(broken).toList();
    }

    private static Object claimsWithoutALease(Call call) {
        List<ClaimedRun> claimed = claimedBy(call);
        claimed.forEach(one -> call.backend().queue().release(one.lease()));
        return claimed;
    }

    private static ClaimedRun withoutDoubt(ClaimedRun claimed) {
        return new ClaimedRun(claimed.run(), claimed.entry(), claimed.lease());
    }

    private static ClaimedRun underTheFirstToken(ClaimedRun claimed) {
        Lease lease = claimed.lease();
        return new ClaimedRun(
                claimed.run(),
                claimed.entry(),
                new Lease(lease.project(), lease.run(), lease.owner(), 1, lease.until()));
    }

    private static Object onceOnly(Call call) {
        return claimedBy(call).stream()
                .filter(one -> call.memory().put(one.run().id(), true) == null)
                .toList();
    }

    private static Object losesEverySecond(Call call) {
        Object claimed = call.proceed();
        boolean loses = call.memory().remove("lost") == null;
        if (loses) {
            call.memory().put("lost", true);
        }
        return loses ? claimed : List.of();
    }

    private static Object leastUrgentFirst(Call call) {
        return claimedBy(call).stream()
                .sorted(Comparator.comparing(it -> it.entry().priority()))
                .toList();
    }

    private static Object notFair(Call call) {
        ProjectScope scope = call.argument(0);
        ClaimRequest request = call.argument(1);
        List<Object> claimed = new ArrayList<>();
        for (long id = 1; id <= PROJECTS && claimed.size() < request.max(); id++) {
            if (scope.includes(ProjectId.of(id))) {
                ProjectScope only = ProjectScope.only(Set.of(ProjectId.of(id)));
                claimed.addAll((List<?>) call.proceedWith(0, only));
            }
        }
        return claimed.subList(0, Math.min(claimed.size(), request.max()));
    }

    /** If one run is requested: claims two, and releases the one that was claimed before. */
    private static Object abandonedLast(Call call) {
        ClaimRequest request = call.argument(1);
        if (request.max() > 1 || !request.limits().isUnlimited()) {
            return call.proceed();
        }
        List<?> two =
                (List<?>)
                        call.proceedWith(
                                1, new ClaimRequest(request.owner(), 2, request.leaseFor()));
        if (two.size() < 2) {
            return two;
        }
        ClaimedRun first = (ClaimedRun) two.get(0);
        ClaimedRun second = (ClaimedRun) two.get(1);
        boolean abandoned = first.lease().token() > second.lease().token();
        ClaimedRun last = abandoned ? first : second;
        call.backend().queue().release(last.lease());
        return List.of(abandoned ? second : first);
    }

    private static Object doesNotCount(Call call) {
        ClaimRequest request = call.argument(1);
        return call.proceedWith(
                1, new ClaimRequest(request.owner(), 1_000, request.leaseFor(), request.limits()));
    }

    private static Defect limits(UnaryOperator<ConcurrencyLimits> broken) {
        return call -> {
            ClaimRequest request = call.argument(1);
            return call.proceedWith(1, request.withLimits(broken.apply(request.limits())));
        };
    }

    static Object renewsLostLeases(Call call) {
        List<?> renewed = (List<?>) call.proceed();
        List<Object> answers = new ArrayList<>(renewed);
        for (int i = 0; i < answers.size(); i++) {
            Lease lease = call.<List<Lease>>argument(0).get(i);
            if (answers.get(i).equals(Optional.empty())) {
                answers.set(i, unchecked(call, lease));
            }
        }
        return answers;
    }

    static Optional<ClaimedRun> unchecked(Call call, Lease lease) {
        return call
                .backend()
                .tasks()
                .list(lease.project(), TaskFilter.DEFAULT, PageRequest.FIRST)
                .items()
                .stream()
                .flatMap(task -> task.latestRun().stream())
                .filter(run -> run.id().equals(lease.run()))
                .flatMap(
                        run ->
                                call
                                        .backend()
                                        .runs()
                                        .find(run.project(), run.task(), run.id())
                                        .stream())
                .flatMap(
                        stored ->
                                stored
                                        .entry()
                                        .map(entry -> new ClaimedRun(stored.run(), entry, lease))
                                        .stream())
                .findFirst();
    }

    private static Object renewsNothing(Call call) {
        return call.<List<Lease>>argument(0).stream().map(lease -> Optional.empty()).toList();
    }

    private static Object returnsFirstState(Call call) {
        return ((List<?>) call.proceed())
                .stream()
                        .map(
                                one ->
                                        ((Optional<?>) one)
                                                .map(ClaimedRun.class::cast)
                                                .map(
                                                        it ->
                                                                call.memory()
                                                                        .computeIfAbsent(
                                                                                it.run().id(),
                                                                                id -> it)))
                        .toList();
    }

    private static Object renewsInAnyProject(Call call) {
        return call.<List<Lease>>argument(0).stream()
                .map(
                        lease ->
                                anywhere(lease)
                                        .map(
                                                it ->
                                                        call.<RunQueue>original()
                                                                .renew(
                                                                        List.of(it),
                                                                        call.argument(1))
                                                                .get(0))
                                        .filter(Optional::isPresent)
                                        .findFirst()
                                        .orElseGet(Optional::empty))
                .toList();
    }

    private static Object releasesInAnyProject(Call call) {
        return anywhere(call.argument(0)).anyMatch(call.<RunQueue>original()::release);
    }

    private static Stream<Lease> anywhere(Lease lease) {
        return LongStream.rangeClosed(1, PROJECTS)
                .mapToObj(ProjectId::of)
                .map(
                        project ->
                                new Lease(
                                        project,
                                        lease.run(),
                                        lease.owner(),
                                        lease.token(),
                                        lease.until()));
    }

    private static Object reportsSuccess(Call call) {
        call.proceed();
        return true;
    }

    private static List<Settlement> settlements(Call call) {
        return call.argument(0);
    }

    private static Object settlesUnderNoLease(Call call) {
        return thenClaims(
                call,
                each(
                        call,
                        change ->
                                call.backend()
                                        .runs()
                                        .update(
                                                change.before().project(),
                                                RunChange.of(change.before(), change.after()))));
    }

    private static Object reportsSettled(Call call) {
        SettleAndClaimResult done = (SettleAndClaimResult) call.proceed();
        return new SettleAndClaimResult(
                each(call, change -> new RunUpdateResult.Updated(change.after())), done.claimed());
    }

    private static Object settlesBackwards(Call call) {
        SettleAndClaimResult done = (SettleAndClaimResult) call.proceed();
        return new SettleAndClaimResult(Defects.reversed(done.settled()), done.claimed());
    }

    private static List<RunUpdateResult> each(
            Call call, Function<RunChange, RunUpdateResult> settled) {
        return settlements(call).stream().map(Settlement::change).map(settled).toList();
    }

    private static SettleAndClaimResult thenClaims(Call call, List<RunUpdateResult> settled) {
        return new SettleAndClaimResult(
                settled, call.<RunQueue>original().claim(call.argument(1), call.argument(2)));
    }

    private static Object stopsAtFirstRejection(Call call) {
        List<RunUpdateResult> answers = new ArrayList<>();
        boolean rejected = false;
        for (Settlement each : settlements(call)) {
            RunUpdateResult answer =
                    rejected
                            ? new RunUpdateResult.LeaseLost()
                            : settle(call.<RunQueue>original(), List.of(each)).get(0);
            rejected |= !(answer instanceof RunUpdateResult.Updated);
            answers.add(answer);
        }
        return thenClaims(call, answers);
    }

    private static List<RunUpdateResult> settle(RunQueue queue, List<Settlement> settlements) {
        ClaimRequest none = new ClaimRequest("mutant", 0, MOMENT);
        return queue.settleAndClaim(settlements, ProjectScope.everyProject(), none).settled();
    }

    private static Object onlySettles(Call call) {
        return new SettleAndClaimResult(
                settle(call.backend().queue(), settlements(call)), List.of());
    }

    private static Object onlyClaims(Call call) {
        return thenClaims(call, each(call, change -> new RunUpdateResult.Updated(change.after())));
    }

    private static Defect depth(UnaryOperator<QueueDepth> broken) {
        return call -> broken.apply((QueueDepth) call.proceed());
    }

    private static QueueDepth countsUnattendedAsWaiting(QueueDepth depth) {
        return new QueueDepth(
                depth.waiting() + depth.unattended(),
                depth.waitingSince().or(() -> unattendedSince(depth)),
                0);
    }

    private static Optional<Instant> unattendedSince(QueueDepth depth) {
        return depth.unattended() == 0 ? Optional.empty() : Optional.of(Instant.EPOCH);
    }

    private static QueueDepth oneAtMost(QueueDepth depth) {
        return new QueueDepth(
                Math.min(1, depth.waiting()), depth.waitingSince(), depth.unattended());
    }

    private static Object allOrNone(Call call) {
        List<?> renewed = (List<?>) call.proceed();
        return renewed.contains(Optional.empty())
                ? renewed.stream().map(one -> Optional.empty()).toList()
                : renewed;
    }
}
