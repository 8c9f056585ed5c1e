package dev.errand.memory;

import dev.errand.spi.store.Inclusion;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import java.util.Optional;

/** Decides which tasks a filter accepts (docs/wire/tasks.md#d1). */
final class TaskMatcher {

    private TaskMatcher() {}

    /** Whether the filter accepts all {@linkplain ProjectData#candidates candidates}. */
    static boolean acceptsAll(TaskFilter filter) {
        return filter.archived() == Inclusion.EXCLUDE
                && filter.internal() != Inclusion.ALL
                && filter.excludedOrigin().isEmpty()
                && filter.createdBy().isEmpty()
                && filter.organization().isEmpty()
                && filter.originProduct().isEmpty()
                && filter.repository().isEmpty()
                && filter.search().isEmpty()
                && filter.stage().isEmpty()
                && filter.status().isEmpty();
    }

    /** Whether the filter accepts a task. */
    static boolean accepts(TaskFilter filter, TaskData data) {
        Task task = data.task;
        TaskDetails details = task.details();
        return filter.internal().accepts(details.internal())
                && filter.archived().accepts(details.archivedAt().isPresent())
                && !filter.excludedOrigin().equals(Optional.of(details.originProduct().wire()))
                && (filter.createdBy().isEmpty() || filter.createdBy().equals(task.createdBy()))
                && acceptsRepository(filter, details.repository())
                && filter.originProduct().map(details.originProduct().wire()::equals).orElse(true)
                && filter.search().map(search -> search.matches(task)).orElse(true)
                && acceptsStatus(filter, data)
                && acceptsStage(filter, data);
    }

    private static boolean acceptsRepository(TaskFilter filter, Optional<String> repository) {
        if (filter.organization().isEmpty() && filter.repository().isEmpty()) {
            return true;
        }
        return repository.isPresent()
                && filter.organization()
                        .map(organization -> repository.get().startsWith(organization + "/"))
                        .orElse(true)
                && filter.repository().map(match -> match.matches(repository.get())).orElse(true);
    }

    private static boolean acceptsStatus(TaskFilter filter, TaskData data) {
        return filter.status().isEmpty()
                || filter.status()
                        .equals(data.withLatestRun().latestRun().map(run -> run.status()));
    }

    private static boolean acceptsStage(TaskFilter filter, TaskData data) {
        return filter.stage().isEmpty()
                || data.runs.stream().anyMatch(each -> each.run().stage().equals(filter.stage()));
    }
}
