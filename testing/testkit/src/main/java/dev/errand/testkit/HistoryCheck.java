package dev.errand.testkit;

import dev.errand.run.RunTransitions;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Records every version of every run that the storage accepted, and checks each step: task numbers
 * increase (docs/invariants.md#i1), status transitions are allowed and terminal statuses are final
 * unless the run is restarted (docs/invariants.md#i3), each version is based on the previous one
 * (docs/invariants.md#i4), results belong to the requested project (docs/invariants.md#i5), leases
 * (docs/invariants.md#i6), no secret is visible (docs/invariants.md#i8), a run ends as exited or
 * lost only if its sandbox does not run (docs/invariants.md#i11), versions have no gap
 * (docs/invariants.md#i12).
 */
final class HistoryCheck {

    /** End reasons that require that the sandbox does not run. */
    private static final Set<EndReason> OVER =
            EnumSet.of(EndReason.SANDBOX_EXITED, EndReason.SANDBOX_LOST);

    private final Map<RunId, List<Run>> versions = new HashMap<>();
    private final Map<ProjectId, Long> numbers = new HashMap<>();
    private final Predicate<SandboxId> isAlive;
    private final LeaseCheck leases;
    private Optional<AssertionError> broken = Optional.empty();

    HistoryCheck(LeaseCheck leases, Predicate<SandboxId> isAlive) {
        this.leases = leases;
        this.isAlive = isAlive;
    }

    /** Returns a backend that delegates to the given one and checks all calls. */
    Backend of(Backend real) {
        return proxy(
                Backend.class,
                (port, arguments) -> {
                    Object answer = invoke(port, real, arguments);
                    Class<?> type = port.getReturnType();
                    return type.isInterface() && type.getSimpleName().matches("(Task|Run).*")
                            ? proxy(type, (method, given) -> watched(method, answer, given))
                            : answer;
                });
    }

    /** Returns the versions of a run in order. */
    List<Run> of(RunId run) {
        return List.copyOf(versions.getOrDefault(run, List.of()));
    }

    /** Throws the first violation that was found. */
    void verify() {
        broken.ifPresent(
                error -> {
                    throw error;
                });
    }

    /** Checks that a value that is visible outside the engine contains no secret. */
    void shown(Object something) {
        note(
                () ->
                        holds(
                                !String.valueOf(something).contains(SimulatedRequest.SECRET),
                                "I8: secret is visible in " + something));
    }

    private Object watched(Method method, Object real, Object[] arguments) throws Throwable {
        leases.asked();
        Object answer = invoke(method, real, arguments);
        // Errors thrown inside the engine could be treated as failures of the storage.
        note(() -> see(method.getName(), arguments, answer));
        return answer;
    }

    private void note(Runnable check) {
        try {
            check.run();
        } catch (AssertionError error) {
            broken = broken.or(() -> Optional.of(error));
        }
    }

    private void see(String method, Object[] arguments, Object answer) {
        if (arguments.length > 0 && arguments[0] instanceof ProjectId project) {
            seeProject(project, answer);
        }
        if (answer instanceof RunInsertResult.Inserted inserted) {
            inserted.task().latestRun().ifPresent(run -> committed(run, false));
        } else if (answer instanceof InsertResult.Inserted<?> one
                && one.value() instanceof List<?> tasks) {
            tasks.forEach(each -> inserted((TaskWithLatestRun) each));
        } else if (answer instanceof RunUpdateResult advance) {
            advanced((RunChange) arguments[1], advance);
        } else if (answer instanceof SettleAndClaimResult turnover) {
            settled(arguments[0], turnover.settled());
            turnover.claimed().forEach(leases::claimed);
        } else if (answer instanceof Optional<?> one) {
            renewed(one);
        } else if (method.equals("release") && Boolean.TRUE.equals(answer)) {
            leases.released((Lease) arguments[0]);
        } else if (answer instanceof List<?> all) {
            if (method.equals("renew")) {
                all.forEach(this::renewed);
            }
            all.stream()
                    .filter(ClaimedRun.class::isInstance)
                    .forEach(claimed -> leases.claimed((ClaimedRun) claimed));
        }
    }

    private void renewed(Object answer) {
        if (answer instanceof Optional<?> one && one.orElse(null) instanceof ClaimedRun run) {
            leases.renewed(run);
        }
    }

    private void inserted(TaskWithLatestRun inserted) {
        Task task = inserted.task();
        Long before = numbers.put(task.project(), task.number());
        holds(before == null || before < task.number(), "I1: number of " + task);
        inserted.latestRun().ifPresent(run -> committed(run, false));
    }

    private void settled(Object settlements, List<?> answers) {
        List<?> asked = (List<?>) settlements;
        for (int i = 0; i < asked.size(); i++) {
            Object change = asked.get(i) instanceof Settlement one ? one.change() : asked.get(i);
            advanced((RunChange) change, (RunUpdateResult) answers.get(i));
        }
    }

    private void advanced(RunChange change, RunUpdateResult answer) {
        if (answer instanceof RunUpdateResult.Updated advanced) {
            List<Run> all = of(change.before().id());
            holds(
                    !all.isEmpty() && all.get(all.size() - 1).equals(change.before().run()),
                    "I4: %s is not based on the latest of %s".formatted(change, all));
            change.intermediate().ifPresent(between -> committed(between.run(), change.reopens()));
            committed(advanced.run().run(), change.reopens());
            leases.written(change);
        }
    }

    private void committed(Run run, boolean reopens) {
        shown(run);
        List<Run> all = versions.computeIfAbsent(run.id(), id -> new ArrayList<>());
        all.add(run);
        holds(run.version() == all.size(), "I12: version " + all.size() + " is " + run);
        if (all.size() > 1) {
            Run before = all.get(all.size() - 2);
            holds(isStep(before, run, reopens), "I3: %s after %s".formatted(run, before));
            boolean ends = run.status().isTerminal() && !before.status().isTerminal();
            holds(
                    !(ends && OVER.contains(run.endReason().orElseThrow()))
                            || !isAlive.test(SandboxId.of(run)),
                    "I11: sandbox is running, but run has ended: " + run);
        }
    }

    private static boolean isStep(Run before, Run after, boolean reopens) {
        boolean isReported =
                RunTransitions.decide(before.status(), after.status())
                        != RunTransitions.Decision.REJECTED;
        boolean isRestart = reopens && RunTransitions.isEngineMove(before.status(), after.status());
        return after.updatedAt().isAfter(before.updatedAt()) && (isReported || isRestart);
    }

    private static void seeProject(ProjectId project, Object answer) {
        Object one = answer instanceof Optional<?> maybe ? maybe.orElse(null) : answer;
        boolean own =
                one instanceof TaskWithLatestRun row
                        ? row.task().project().equals(project)
                        : !(one instanceof Run run) || run.project().equals(project);
        holds(own, "I5: %s is visible to project %s".formatted(one, project));
    }

    static void holds(boolean it, String otherwise) {
        if (!it) {
            throw new AssertionError(otherwise);
        }
    }

    /** Handles a call of a proxy. */
    private interface Answering {
        Object answer(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answering answering) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) ->
                                answering.answer(
                                        method, arguments == null ? new Object[0] : arguments)));
    }

    private static Object invoke(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
