package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskSelection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Broken retention stores. */
final class RetentionStoreMutants {

    private static final int ALL_ITEMS = 1_000;
    private static final List<Long> PROJECTS = List.of(7L, 8L);

    private RetentionStoreMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W4, "eraseTasks", "erases a task with a queued run", RetentionStoreMutants::withQueuedRuns),
            mutant(W5, "eraseTasks", "erases a task one microsecond too early", RetentionStoreMutants::tooEarly),
            mutant(W5, "eraseTasks", "ignores the status of the latest run", RetentionStoreMutants::anyStatus),
            mutant(W6, "eraseTasks", "ignores the project", RetentionStoreMutants::anyProject),
            mutant(W6, "eraseTasks", "ignores the limit", call -> call.proceedWith(1, ALL_ITEMS)),
            mutant(W3, "eraseTasks", "lists no objects for deletion", RetentionStoreMutants::withoutObjects),
            new Mutant(W5, RunStore.class, "findStoredResult", "finds the answer of an erased task", RetentionStoreMutants::remembered),
            mutant(W5, "eraseLogs", "erases a log one microsecond too early", call -> call.proceedWith(0, call.<Instant>argument(0).plusNanos(1_000))),
            mutant(W6, "eraseLogs", "ignores the limit", call -> call.proceedWith(1, ALL_ITEMS)),
            mutant(W6, "eraseExpired", "ignores the limit", call -> call.proceedWith(0, ALL_ITEMS)),
            mutant(W3, "eraseExpired", "lists no objects for deletion", RetentionStoreMutants::withoutObjects),
            mutant(W5, "listObjectDeletions", "lists objects that a manifest names", RetentionStoreMutants::withNamed),
            mutant(W3, "listObjectDeletions", "forgets objects that were listed", RetentionStoreMutants::listsOnce),
            mutant(W6, "listObjectDeletions", "ignores the limit", call -> call.proceedWith(0, ALL_ITEMS)),
            mutant(W3, "removeObjectDeletions", "removes nothing", call -> null),
            mutant(W6, "removeObjectDeletions", "ignores the project", RetentionStoreMutants::removesEverywhere));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, RetentionStore.class, method, name, defect);
    }

    private static Object withQueuedRuns(Call call) {
        if (call.<TaskSelection>argument(0) instanceof TaskSelection.Single single) {
            Instant now = call.backend().clock().instant();
            for (StoredRun open : call.backend().runs().listOpen(single.project(), single.task())) {
                StoredRun ended =
                        StoredRun.withoutEntry(
                                open.run()
                                        .change(now)
                                        .endedWith(RunStatus.CANCELLED, EndReason.REPORTED)
                                        .build());
                call.backend().runs().update(single.project(), RunChange.of(open, ended));
            }
        }
        return call.proceed();
    }

    private static Object tooEarly(Call call) {
        return call.<TaskSelection>argument(0) instanceof TaskSelection.DeletedBefore deleted
                ? call.proceedWith(
                        0, new TaskSelection.DeletedBefore(deleted.time().plusNanos(1_000)))
                : call.proceed();
    }

    private static Object anyStatus(Call call) {
        if (call.<TaskSelection>argument(0) instanceof TaskSelection.EndedBefore ended) {
            call.proceedWith(0, new TaskSelection.EndedBefore(RunStatus.FAILED, ended.time()));
        }
        return call.proceed();
    }

    private static Object anyProject(Call call) {
        if (call.<TaskSelection>argument(0) instanceof TaskSelection.Single single) {
            Object result = call.proceed();
            for (long project : PROJECTS) {
                call.proceedWith(0, new TaskSelection.Single(ProjectId.of(project), single.task()));
            }
            return result;
        }
        return call.proceed();
    }

    static Object erasesNoProject(Call call) {
        return call.<TaskSelection>argument(0) instanceof TaskSelection.OfProject
                ? ErasedData.NOTHING
                : call.proceed();
    }

    private static Object withoutObjects(Call call) {
        Object result = call.proceed();
        RetentionStore original = call.original();
        original.removeObjectDeletions(original.listObjectDeletions(ALL_ITEMS));
        return result;
    }

    private static Object remembered(Call call) {
        Object found = call.proceed();
        Object key = List.of(call.argument(0), call.argument(1));
        if (found.equals(Optional.empty())) {
            return call.memory().getOrDefault(key, found);
        }
        call.memory().put(key, found);
        return found;
    }

    private static Object withNamed(Call call) {
        List<Object> objects = new ArrayList<>((List<?>) call.proceed());
        for (long number : PROJECTS) {
            ProjectId project = ProjectId.of(number);
            call
                    .backend()
                    .tasks()
                    .listAfter(project, TaskFilter.DEFAULT, Optional.empty(), PageRequest.MAX_LIMIT)
                    .stream()
                    .flatMap(task -> task.latestRun().stream())
                    .flatMap(run -> run.artifacts().stream())
                    .forEach(it -> objects.add(new StoredObject(project, it.storagePath())));
        }
        return objects;
    }

    private static Object listsOnce(Call call) {
        List<Object> objects = new ArrayList<>((List<?>) call.proceed());
        objects.removeAll(call.memory().keySet());
        objects.forEach(object -> call.memory().put(object, true));
        return objects;
    }

    private static Object removesEverywhere(Call call) {
        List<StoredObject> everywhere = new ArrayList<>();
        for (StoredObject object : call.<List<StoredObject>>argument(0)) {
            PROJECTS.forEach(
                    project ->
                            everywhere.add(new StoredObject(ProjectId.of(project), object.key())));
        }
        return call.proceedWith(0, everywhere);
    }
}
