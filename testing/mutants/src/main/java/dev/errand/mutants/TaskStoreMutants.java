package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Broken task stores. */
final class TaskStoreMutants {

    private TaskStoreMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W5, "insert", "ignores the idempotency key", Defects.keyIgnored(2)),
            mutant(W5, "insert", "does not compare the request", Defects.requestNotCompared(2)),
            mutant(W5, "insert", "does not compare the caller", Defects.callerNotCompared(2)),
            mutant(W5, "insert", "forgets the idempotency keys at a restart", TaskStoreMutants::keyUntilRestart),
            mutant(W6, "insert", "uses two numbers for one task", TaskStoreMutants::usesTwoNumbers),
            mutant(W6, "insert", "inserts every task into one project", call -> call.proceedWith(0, ProjectId.of(7))),
            mutant(W5, "insert", "inserts the tasks one by one", TaskStoreMutants::oneByOne),
            mutant(W2, "insert", "drops the first runs", TaskStoreMutants::withoutRuns),
            mutant(W6, "insert", "numbers the tasks in reverse order", TaskStoreMutants::numberedBackwards),
            mutant(W6, "find", "ignores the project", Defects.anyProject()),
            mutant(W6, "find", "returns no latest run", TaskStoreMutants::withoutLatestRun),
            mutant(W6, "find", "always returns its first result", Defects.alwaysFirstResult(1)),
            mutant(W1, "update", "lets the last writer win", TaskStoreMutants::lastWriterWins),
            mutant(W1, "update", "reports success without writing", call -> new TaskUpdateResult.Updated(call.argument(1))),
            mutant(W6, "update", "ignores the project", Defects.anyProject()),
            mutant(W6, "list", "returns the size of the page as the total", TaskStoreMutants::countsThePage),
            mutant(W6, "list", "returns the oldest first", TaskStoreMutants::oldestFirst),
            mutant(W6, "list", "ignores the filter", call -> call.proceedWith(1, TaskFilter.DEFAULT)),
            mutant(W6, "list", "starts the page one item too early", TaskStoreMutants::oneTooEarly),
            mutant(W6, "listAfter", "skips an item between two pages", TaskStoreMutants::leavesOneOut),
            mutant(W6, "listAfter", "returns the oldest first", Defects.backwards()),
            mutant(W6, "listAfter", "ignores the filter", call -> call.proceedWith(1, TaskFilter.DEFAULT)),
            mutant(W6, "listByIds", "returns the size of the page as the total", TaskStoreMutants::countsThePage),
            mutant(W6, "listByIds", "returns the oldest first", TaskStoreMutants::oldestFirst),
            mutant(W6, "listByIds", "ignores the project", TaskStoreMutants::ofAnyProject),
            mutant(W6, "listRepositories", "returns the names in reverse order", Defects.backwards()),
            mutant(W6, "listRepositories", "reads another project", call -> call.proceedWith(0, ProjectId.of(8))));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, TaskStore.class, method, name, defect);
    }

    private static Object keyUntilRestart(Call call) {
        return call.proceedWith(
                2,
                call.<Optional<Idempotency>>argument(2)
                        .map(
                                it ->
                                        new Idempotency(
                                                it.caller(),
                                                it.operation() + call.restarts(),
                                                it.key(),
                                                it.requestHash())));
    }

    private static Object usesTwoNumbers(Call call) {
        NewTask task = call.<List<TaskInsertion>>argument(1).get(0).task();
        NewTask ghost =
                new NewTask(
                        TaskId.of(UUID.randomUUID()),
                        task.details(),
                        task.createdBy(),
                        task.createdAt(),
                        task.reportRelationship());
        TaskStore original = call.backend().tasks();
        Object answer = call.proceed();
        Task second =
                insertUnkeyed(original, call.argument(0), List.of(TaskInsertion.of(ghost)))
                        .get(0)
                        .task();
        original.update(call.argument(0), second.markDeleted(task.createdAt()));
        return answer;
    }

    private static Object oneByOne(Call call) {
        List<TaskInsertion> tasks = call.argument(1);
        return tasks.size() < 2
                ? call.proceed()
                : new InsertResult.Inserted<>(
                        tasks.stream()
                                .flatMap(
                                        task ->
                                                insertUnkeyed(
                                                        call.original(),
                                                        call.argument(0),
                                                        List.of(task))
                                                        .stream())
                                .toList());
    }

    private static List<TaskWithLatestRun> insertUnkeyed(
            TaskStore store, ProjectId project, List<TaskInsertion> tasks) {
        return ((InsertResult.Inserted<List<TaskWithLatestRun>>)
                        store.insert(project, tasks, Optional.empty()))
                .value();
    }

    private static Object withoutRuns(Call call) {
        return call.proceedWith(
                1,
                call.<List<TaskInsertion>>argument(1).stream()
                        .map(task -> new TaskInsertion(task.task(), Optional.empty()))
                        .toList());
    }

    private static Object numberedBackwards(Call call) {
        Object answer = call.proceedWith(1, Defects.reversed(call.<List<?>>argument(1)));
        return answer instanceof InsertResult.Inserted<?> inserted
                ? new InsertResult.Inserted<>(Defects.reversed((List<?>) inserted.value()))
                : answer;
    }

    private static Object withoutLatestRun(Call call) {
        return ((Optional<?>) call.proceed())
                .map(
                        found ->
                                new TaskWithLatestRun(
                                        ((TaskWithLatestRun) found).task(), Optional.empty()));
    }

    static Object lastWriterWins(Call call) {
        Object answer = call.proceed();
        if (!(answer instanceof TaskUpdateResult.Stale)) {
            return answer;
        }
        Task late = call.argument(1);
        Task current = call.backend().tasks().find(late.project(), late.id()).orElseThrow().task();
        return call.proceedWith(1, current.withDetails(late.details(), late.updatedAt()));
    }

    private static Object countsThePage(Call call) {
        Page<?> page = (Page<?>) call.proceed();
        return new Page<>(page.items(), page.items().size());
    }

    private static Object oldestFirst(Call call) {
        Page<?> page = (Page<?>) call.proceed();
        return new Page<>(Defects.reversed(page.items()), page.total());
    }

    private static Object oneTooEarly(Call call) {
        PageRequest page = call.argument(2);
        return call.proceedWith(2, new PageRequest(page.limit(), Math.max(0, page.offset() - 1)));
    }

    private static Object ofAnyProject(Call call) {
        Page<?> here = (Page<?>) call.proceed();
        Page<?> there = (Page<?>) call.proceedWith(0, ProjectId.of(8));
        List<Object> all = new ArrayList<>(here.items());
        all.addAll(there.items());
        return new Page<>(all, here.total() + there.total());
    }

    private static Object leavesOneOut(Call call) {
        List<?> next = (List<?>) call.proceed();
        boolean first = call.<Optional<TaskPosition>>argument(2).isEmpty();
        return first || next.isEmpty() ? next : next.subList(1, next.size());
    }
}
