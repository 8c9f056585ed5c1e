package dev.errand.memory;

import dev.errand.spi.run.Run;
import dev.errand.spi.task.RepositoryMatch;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskWithLatestRun;
import java.util.Optional;

/**
 * Which tasks a filter lets through (contract D1).
 *
 * @param filter the filter
 */
record TaskMatch(TaskFilter filter) {

    /** Whether the filter asks for nothing but internal tasks or the others. */
    boolean isForAll() {
        return filter.createdBy().isEmpty()
                && filter.organization().isEmpty()
                && filter.originProduct().isEmpty()
                && filter.repository().isEmpty()
                && filter.search().isEmpty()
                && filter.stage().isEmpty()
                && filter.status().isEmpty();
    }

    /** Whether a task, read from this cell, is let through; a deleted or hidden one never is. */
    boolean accepts(TaskWithLatestRun row, TaskCell cell) {
        Task task = row.task();
        TaskDetails details = task.details();
        return cell.isShown()
                && !task.isDeleted()
                && details.internal() == filter.internal()
                && (filter.createdBy().isEmpty() || filter.createdBy().equals(task.createdBy()))
                && acceptsRepository(details.repository())
                && filter.originProduct().map(details.originProduct().wire()::equals).orElse(true)
                && filter.search().map(search -> search.matches(task)).orElse(true)
                && acceptsStatus(row.latestRun())
                && acceptsStage(cell);
    }

    private boolean acceptsRepository(Optional<String> repository) {
        if (filter.organization().isEmpty() && filter.repository().isEmpty()) {
            return true;
        }
        return repository.isPresent()
                && filter.organization()
                        .map(organization -> repository.get().startsWith(organization + "/"))
                        .orElse(true)
                && filter.repository().map(match -> match.matches(repository.get())).orElse(true);
    }

    private boolean acceptsStatus(Optional<Run> latestRun) {
        return filter.status().isEmpty()
                || latestRun.filter(run -> run.status() == filter.status().get()).isPresent();
    }

    private boolean acceptsStage(TaskCell cell) {
        if (filter.stage().isEmpty()) {
            return true;
        }
        for (RunCell run : cell.runs()) {
            if (run.run().stage().equals(filter.stage())) {
                return true;
            }
        }
        return false;
    }

    /** What stands behind the first slash of a repository, or all of it where there is none. */
    static String repositoryName(String repository) {
        return repository.substring(repository.indexOf('/') + 1);
    }

    /** The {@link #repositoryName(String)} of every repository that is meant. */
    static String repositoryName(RepositoryMatch match) {
        return match instanceof RepositoryMatch.ShortName shortName
                ? shortName.name()
                : repositoryName(((RepositoryMatch.FullName) match).repository());
    }
}
