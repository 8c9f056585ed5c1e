package dev.errand.memory;

import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.UserId;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskPosition;
import dev.errand.spi.task.TaskWithLatestRun;
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
 * run a new status. What asks for all reads its page while nothing comes or goes; a walk with
 * filters copies a few cells at a time and reads each when it comes to it.
 */
final class TaskIndex {

    private static final int CELLS_PER_STEP = 256;
    private static final SharedList<TaskCell> NOTHING = new SharedList<>();

    private final SharedList<TaskCell> all = new SharedList<>();
    private final ConcurrentMap<UserId, SharedList<TaskCell>> byCreator = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, SharedList<TaskCell>> byRepositoryName =
            new ConcurrentHashMap<>();

    /** The list of all. */
    SharedList<TaskCell> all() {
        return all;
    }

    /** The other lists that show a task as {@code task} says. */
    List<SharedList<TaskCell>> narrower(Task task) {
        if (task.createdBy().isEmpty() && task.details().repository().isEmpty()) {
            return List.of();
        }
        List<SharedList<TaskCell>> lists = new ArrayList<>(2);
        task.createdBy().ifPresent(it -> lists.add(listOf(it, byCreator)));
        task.details()
                .repository()
                .ifPresent(it -> lists.add(listOf(TaskMatch.repositoryName(it), byRepositoryName)));
        return lists;
    }

    private static <K> SharedList<TaskCell> listOf(
            K key, ConcurrentMap<K, SharedList<TaskCell>> lists) {
        SharedList<TaskCell> known = lists.get(key);
        return known != null ? known : lists.computeIfAbsent(key, k -> new SharedList<>());
    }

    /** One page, and how many match. */
    Page<TaskWithLatestRun> page(TaskFilter filter, PageRequest page) {
        TaskMatch match = new TaskMatch(filter);
        return match.isForAll()
                ? all.read(
                        list ->
                                new Page<>(
                                        rows(list.latest(page.offset(), page.limit())),
                                        list.size()))
                : filteredPage(match, page);
    }

    /** Only while the list of all is held, or one of them may be deleted meanwhile. */
    private static List<TaskWithLatestRun> rows(List<TaskCell> cells) {
        List<TaskWithLatestRun> rows = new ArrayList<>(cells.size());
        for (TaskCell cell : cells) {
            rows.add(cell.read());
        }
        return rows;
    }

    private Page<TaskWithLatestRun> filteredPage(TaskMatch match, PageRequest page) {
        SharedList<TaskCell> list = shortest(match.filter());
        List<TaskWithLatestRun> rows = new ArrayList<>();
        long total = 0;
        List<TaskCell> step = list.latest(CELLS_PER_STEP);
        while (!step.isEmpty()) {
            for (TaskCell cell : step) {
                TaskWithLatestRun row = cell.read();
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
    List<TaskWithLatestRun> after(TaskFilter filter, Optional<TaskPosition> after, int limit) {
        TaskMatch match = new TaskMatch(filter);
        return match.isForAll()
                ? all.read(list -> List.copyOf(rows(next(list, after, limit))))
                : filteredAfter(match, after, limit);
    }

    private static List<TaskCell> next(
            OrderedList<TaskCell> list, Optional<TaskPosition> after, int limit) {
        return after.isEmpty()
                ? list.latest(0, limit)
                : list.before(new Place(after.get().createdAt(), after.get().id().value()), limit);
    }

    /** The rows of matching cells, and of those behind them as long as rows are wanted. */
    private List<TaskWithLatestRun> filteredAfter(
            TaskMatch match, Optional<TaskPosition> after, int limit) {
        SharedList<TaskCell> list = shortest(match.filter());
        List<TaskWithLatestRun> rows = new ArrayList<>();
        List<TaskCell> step = list.read(values -> next(values, after, limit));
        while (!step.isEmpty()) {
            for (TaskCell cell : step) {
                TaskWithLatestRun row = cell.read();
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
