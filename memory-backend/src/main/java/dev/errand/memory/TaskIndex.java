package dev.errand.memory;

import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.UserId;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskPosition;
import dev.errand.spi.task.TaskWithRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The tasks of one project that lists show: all of them, those of each creator, and those of each
 * repository name, newest first. The other filters walk the shortest of these lists; a page and a
 * count without filters cost the page.
 *
 * <p>The lists hold cells, not values, so nothing here changes when a task gets a new title or its
 * run a new status. A walk copies a few cells at a time and reads each when it comes to it.
 */
final class TaskIndex {

    private static final int CELLS_PER_STEP = 256;
    private static final SharedList<TaskCell> NOTHING = new SharedList<>();

    private final SharedList<TaskCell> all = new SharedList<>();
    private final ConcurrentMap<UserId, SharedList<TaskCell>> byCreator = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, SharedList<TaskCell>> byRepositoryName =
            new ConcurrentHashMap<>();

    /** Lists a task as {@code task} says; the caller holds the cell's monitor. */
    void add(TaskCell cell, Task task) {
        all.add(cell);
        if (task.createdBy().isPresent()) {
            listOf(task.createdBy().get(), byCreator).add(cell);
        }
        if (task.details().repository().isPresent()) {
            listOf(TaskMatch.repositoryName(task.details().repository().get()), byRepositoryName)
                    .add(cell);
        }
    }

    /** Lists a task no longer, which was listed as {@code task}; the caller holds the monitor. */
    void remove(TaskCell cell, Task task) {
        all.remove(cell);
        if (task.createdBy().isPresent()) {
            listOf(task.createdBy().get(), byCreator).remove(cell);
        }
        if (task.details().repository().isPresent()) {
            listOf(TaskMatch.repositoryName(task.details().repository().get()), byRepositoryName)
                    .remove(cell);
        }
    }

    private static <K> SharedList<TaskCell> listOf(
            K key, ConcurrentMap<K, SharedList<TaskCell>> lists) {
        SharedList<TaskCell> known = lists.get(key);
        return known != null ? known : lists.computeIfAbsent(key, k -> new SharedList<>());
    }

    private record Seen(List<TaskCell> cells, long total) {}

    /** One page, and how many match. */
    Page<TaskWithRun> page(TaskFilter filter, PageRequest page) {
        TaskMatch match = new TaskMatch(filter);
        if (match.isForAll()) {
            Seen seen =
                    all.read(
                            list ->
                                    new Seen(
                                            list.latest(page.offset(), page.limit()), list.size()));
            return new Page<>(walk(all, match, seen.cells(), page.limit()), seen.total());
        }
        return filteredPage(match, page);
    }

    private Page<TaskWithRun> filteredPage(TaskMatch match, PageRequest page) {
        SharedList<TaskCell> list = shortest(match.filter());
        List<TaskWithRun> rows = new ArrayList<>();
        long total = 0;
        List<TaskCell> step = list.latest(CELLS_PER_STEP);
        while (!step.isEmpty()) {
            for (TaskCell cell : step) {
                TaskWithRun row = cell.read();
                if (match.accepts(row, cell)) {
                    if (total >= page.offset() && rows.size() < page.limit()) {
                        rows.add(row);
                    }
                    total++;
                }
            }
            step = list.before(step.get(step.size() - 1), CELLS_PER_STEP);
        }
        return new Page<>(rows, total);
    }

    /** The next matching tasks behind a position. */
    List<TaskWithRun> after(TaskFilter filter, Optional<TaskPosition> after, int limit) {
        TaskMatch match = new TaskMatch(filter);
        SharedList<TaskCell> list = shortest(filter);
        List<TaskCell> cells =
                after.isEmpty()
                        ? list.latest(limit)
                        : list.before(
                                new Place(after.get().createdAt(), after.get().id().value()),
                                limit);
        return walk(list, match, cells, limit);
    }

    /** The rows of matching cells, and of those behind them as long as rows are wanted. */
    private static List<TaskWithRun> walk(
            SharedList<TaskCell> list, TaskMatch match, List<TaskCell> cells, int limit) {
        List<TaskWithRun> rows = new ArrayList<>(Math.min(limit, cells.size()));
        List<TaskCell> step = cells;
        while (!step.isEmpty()) {
            for (TaskCell cell : step) {
                TaskWithRun row = cell.read();
                if (match.accepts(row, cell)) {
                    rows.add(row);
                    if (rows.size() == limit) {
                        return List.copyOf(rows);
                    }
                }
            }
            step = list.before(step.get(step.size() - 1), CELLS_PER_STEP);
        }
        return List.copyOf(rows);
    }

    private SharedList<TaskCell> shortest(TaskFilter filter) {
        SharedList<TaskCell> shortest = all;
        if (filter.createdBy().isPresent()) {
            shortest = byCreator.getOrDefault(filter.createdBy().get(), NOTHING);
        }
        if (filter.repository().isPresent()) {
            SharedList<TaskCell> ofRepository =
                    byRepositoryName.getOrDefault(
                            TaskMatch.repositoryName(filter.repository().get()), NOTHING);
            shortest = ofRepository.size() < shortest.size() ? ofRepository : shortest;
        }
        return shortest;
    }
}
