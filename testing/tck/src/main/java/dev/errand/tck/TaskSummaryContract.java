package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link TaskStore}: listing tasks by id and listing
 * repositories (docs/wire/tasks.md#i14, #i15).
 */
public abstract class TaskSummaryContract extends StorageContract {

    /** Constructor for subclasses. */
    protected TaskSummaryContract() {}

    /**
     * docs/wire/tasks.md#i14: tasks are listed newest first, those of equal creation time by
     * descending id, each with its latest run.
     */
    @Test
    public void tasksByIdAreListedNewestFirstWithTheirLatestRuns() {
        Instant time = clock.instant();
        Task low = insert(aTask().createdAt(time).withId(TaskId.of(new UUID(1, -1))));
        Task high = insert(aTask().createdAt(time).withId(TaskId.of(new UUID(-1, -1))));
        Task old = insert(aTask().createdAt(time.minusSeconds(1)));
        insert(aTask());
        StoredRun latest = insert(aRun(old));
        StoredRun ended = end(latest, RunStatus.COMPLETED);

        assertThat(listOf(PageRequest.FIRST, old, low, high))
                .isEqualTo(
                        new Page<>(
                                List.of(
                                        new TaskWithLatestRun(high, Optional.empty()),
                                        new TaskWithLatestRun(low, Optional.empty()),
                                        new TaskWithLatestRun(old, Optional.of(ended.run()))),
                                3));
    }

    /**
     * docs/wire/tasks.md#i14: unknown, foreign and deleted ids are omitted; internal tasks are not.
     */
    @Test
    public void unknownIdsAreOmitted() {
        Task internal = insert(aTask().internal());
        Task deleted = insert(aTask());
        Task foreign = insert(OTHER_PROJECT, aTask());
        delete(deleted);
        Set<TaskId> ids =
                Set.of(internal.id(), deleted.id(), foreign.id(), TaskId.of(new UUID(5, 5)));

        Page<TaskWithLatestRun> page = otherNode.tasks().listByIds(PROJECT, ids, PageRequest.FIRST);

        assertThat(page.items()).extracting(TaskWithLatestRun::task).containsExactly(internal);
        assertThat(page.total()).isEqualTo(1);
        assertThat(node.tasks().listByIds(PROJECT, Set.of(), PageRequest.FIRST))
                .isEqualTo(new Page<>(List.of(), 0));
    }

    /**
     * docs/wire/conventions.md#d0: pages contain each task once, and each page reports the total.
     */
    @Test
    public void pagesOfTasksByIdCountAllMatches() {
        Task[] tasks = new Task[5];
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = insert(aTask().createdAt(clock.instant().plusSeconds(i)));
        }

        assertThat(ids(listOf(PageRequest.of(2, 0), tasks)))
                .containsExactly(tasks[4].id(), tasks[3].id());
        assertThat(ids(listOf(PageRequest.of(2, 2), tasks)))
                .containsExactly(tasks[2].id(), tasks[1].id());
        assertThat(ids(listOf(PageRequest.of(2, 4), tasks))).containsExactly(tasks[0].id());
        assertThat(ids(listOf(PageRequest.of(2, 9), tasks))).isEmpty();
        for (long offset : new long[] {0, 2, 4, 9}) {
            assertThat(listOf(PageRequest.of(2, offset), tasks).total()).isEqualTo(5);
        }
    }

    /** docs/wire/tasks.md#i14: one request may contain 5000 ids. */
    @Test
    public void theMaximumNumberOfIdsIsAccepted() {
        Task task = insert(aTask());
        Set<TaskId> ids = new HashSet<>(Set.of(task.id()));
        for (int i = 1; i < 5_000; i++) {
            ids.add(TaskId.of(new UUID(7, i)));
        }

        assertThat(node.tasks().listByIds(PROJECT, ids, PageRequest.FIRST).total()).isEqualTo(1);
    }

    /**
     * docs/wire/tasks.md#i15: the repositories of all tasks that are neither deleted nor internal,
     * distinct and ascending.
     */
    @Test
    public void repositoriesAreDistinctAndSorted() {
        assertThat(node.tasks().listRepositories(PROJECT)).isEmpty();
        for (String repository : new String[] {"b/a", "a-b/c", "a/z", "a/B", "b/a", ""}) {
            insert(aTask().withRepository(repository));
        }
        insert(aTask());
        insert(aTask().withRepository("internal/one").internal());
        insert(OTHER_PROJECT, aTask().withRepository("other/project"));
        delete(insert(aTask().withRepository("gone/by-now")));

        assertThat(otherNode.tasks().listRepositories(PROJECT))
                .containsExactly("a-b/c", "a/B", "a/z", "b/a");
    }

    private Page<TaskWithLatestRun> listOf(PageRequest page, Task... tasks) {
        Set<TaskId> ids = new HashSet<>();
        for (Task task : tasks) {
            ids.add(task.id());
        }
        return node.tasks().listByIds(PROJECT, ids, page);
    }

    private static List<TaskId> ids(Page<TaskWithLatestRun> page) {
        return page.items().stream().map(each -> each.task().id()).toList();
    }
}
