package dev.errand.testkit;

import dev.errand.run.RunTransitions;
import dev.errand.spi.Backend;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunAdvance;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunInsertion;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithRun;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every version of every run as the storage took it, and what must hold of them: versions without a
 * gap, statuses along the table, an end that is final (I3, I4, I12); in the end each task once and
 * as it was answered (I1, I7), lists that agree with what is found (I9), and nothing owed (I11).
 */
final class SimulatedHistory {

    private final Map<RunId, List<Run>> versions = new HashMap<>();

    /** The backend, watched. */
    Backend of(Backend real) {
        RunStore runs = watched(RunStore.class, real.runs());
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (self, method, arguments) ->
                                method.getReturnType() == RunStore.class
                                        ? runs
                                        : invoke(method, real, arguments));
    }

    private <T> T watched(Class<T> port, T real) {
        return port.cast(
                Proxy.newProxyInstance(
                        port.getClassLoader(),
                        new Class<?>[] {port},
                        (self, method, arguments) -> {
                            Object answer = invoke(method, real, arguments);
                            if (answer instanceof RunAdvance.Advanced advanced) {
                                committed(advanced.run());
                            } else if (answer instanceof RunInsertion.Inserted inserted) {
                                inserted.task().latestRun().ifPresent(this::committed);
                            }
                            return answer;
                        }));
    }

    private static Object invoke(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private void committed(Run run) {
        versions.computeIfAbsent(run.id(), id -> new ArrayList<>()).add(run);
    }

    /** Holds what must hold when everything has come to rest. */
    void verify(Backend backend, ProjectId project, Collection<TaskId> created) {
        List<TaskWithRun> listed =
                backend.tasks()
                        .list(project, TaskFilter.NONE, PageRequest.of(PageRequest.MAX_LIMIT, 0))
                        .items();
        Set<Long> numbers = new HashSet<>();
        for (TaskWithRun row : listed) {
            TaskId id = row.task().id();
            holds(numbers.add(row.task().number()), "I1: number of " + row + " is used twice");
            holds(created.contains(id), "I7, W5: nobody was answered with " + row);
            holds(backend.tasks().find(project, id).equals(Optional.of(row)), "I9: " + row);
            List<Run> runs = backend.runs().list(project, id, PageRequest.FIRST).items();
            holds(runs.size() == 1, "W5: one run was asked for, there are " + runs);
            verify(runs.get(0));
        }
        holds(listed.size() == created.size(), "I7: of " + created + " there are " + listed);
    }

    private void verify(Run last) {
        List<Run> history = versions.getOrDefault(last.id(), List.of());
        holds(!history.isEmpty() && history.get(history.size() - 1).equals(last), "I4: " + last);
        for (int i = 0; i < history.size(); i++) {
            Run run = history.get(i);
            holds(run.version() == i + 1, "I12: version " + (i + 1) + " is " + run);
            holds(i == 0 || isStep(history.get(i - 1), run), "I3: " + history.subList(0, i + 1));
        }
        holds(
                last.status().isTerminal() && !last.dispatch().phase().isOwed(),
                "I11: still owed something: " + last);
    }

    private static boolean isStep(Run before, Run after) {
        return after.updatedAt().isAfter(before.updatedAt())
                && RunTransitions.decide(before.status(), after.status())
                        != RunTransitions.Decision.REFUSED;
    }

    private static void holds(boolean it, String otherwise) {
        if (!it) {
            throw new AssertionError(otherwise);
        }
    }
}
