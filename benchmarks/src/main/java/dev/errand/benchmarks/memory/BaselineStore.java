package dev.errand.benchmarks.memory;

import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.OriginProduct;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The in-memory baseline: a hand-written store for the tasks and runs of one project. Rows are
 * immutable, a run is a reference that is updated by compare-and-set, the queue removes obsolete
 * entries lazily, and there is no global lock.
 *
 * <p>It has the lists of the wire API, newest first: all tasks, and those of a creator, an origin,
 * a repository, or a status of the latest run. It has no versions, idempotency, artifacts, secrets,
 * deletion, due times, lease expiry, second project, or checks.
 */
final class BaselineStore {

    record TaskRow(
            UUID id,
            int number,
            String title,
            String description,
            OriginProduct origin,
            String repository,
            long creator,
            Instant createdAt,
            Instant updatedAt) {}

    record RunRow(
            UUID id,
            RunStatus status,
            String state,
            String leaseOwner,
            Instant leaseUntil,
            Instant createdAt,
            Instant updatedAt,
            Instant completedAt) {}

    /** A task and its latest run. */
    static final class TaskCell {
        final TaskRow task;
        volatile RunCell latest;

        private TaskCell(TaskRow task) {
            this.task = task;
        }
    }

    /** The state of a run. */
    static final class RunCell extends AtomicReference<RunRow> {
        private static final long serialVersionUID = 1L;

        final transient TaskCell task;

        private RunCell(TaskCell task, RunRow first) {
            super(first);
            this.task = task;
        }
    }

    private final AtomicInteger lastNumber = new AtomicInteger(-1);
    private final ConcurrentMap<UUID, TaskCell> tasks = new ConcurrentHashMap<>();
    private final ConcurrentMap<UUID, RunCell> runs = new ConcurrentHashMap<>();
    private final Queue<RunCell> queue = new ConcurrentLinkedQueue<>();

    private final TaskArray all = new TaskArray();
    private final ConcurrentMap<Long, PostingList> byCreator = new ConcurrentHashMap<>();
    private final ConcurrentMap<OriginProduct, PostingList> byOrigin = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, PostingList> byRepository = new ConcurrentHashMap<>();
    private final Map<RunStatus, ConcurrentBitSet> byStatus = new EnumMap<>(RunStatus.class);

    BaselineStore() {
        for (RunStatus status : RunStatus.values()) {
            byStatus.put(status, new ConcurrentBitSet());
        }
    }

    TaskRow create(
            String title,
            String description,
            OriginProduct origin,
            String repository,
            long creator) {
        Instant now = Instant.now();
        int number = lastNumber.incrementAndGet();
        TaskRow task =
                new TaskRow(
                        TimeOrderedIds.next(now),
                        number,
                        title,
                        description,
                        origin,
                        repository,
                        creator,
                        now,
                        now);
        TaskCell cell = new TaskCell(task);
        tasks.put(task.id(), cell);
        all.set(number, cell);
        list(byCreator, creator).add(number);
        list(byOrigin, origin).add(number);
        list(byRepository, repository).add(number);
        return task;
    }

    private static <K> PostingList list(ConcurrentMap<K, PostingList> lists, K key) {
        PostingList known = lists.get(key);
        return known != null ? known : lists.computeIfAbsent(key, k -> new PostingList());
    }

    RunRow run(UUID taskId, String mode) {
        TaskCell task = tasks.get(taskId);
        Instant now = Instant.now();
        String state = "{\"mode\":\"" + mode + "\"}";
        RunRow run =
                new RunRow(
                        TimeOrderedIds.next(now),
                        RunStatus.QUEUED,
                        state,
                        null,
                        null,
                        now,
                        now,
                        null);
        RunCell cell = new RunCell(task, run);
        runs.put(run.id(), cell);
        RunCell before = task.latest;
        task.latest = cell;
        index(task, before == null ? null : before.get().status(), RunStatus.QUEUED);
        queue.add(cell);
        return run;
    }

    /** Claims the run that has waited longest, or returns null if none is waiting. */
    RunRow claim(String owner, Duration leaseFor) {
        Instant now = Instant.now();
        Instant until = now.plus(leaseFor);
        for (RunCell cell = queue.poll(); cell != null; cell = queue.poll()) {
            RunRow run = cell.get();
            while (run.status() == RunStatus.QUEUED && run.leaseOwner() == null) {
                RunRow claimed =
                        new RunRow(
                                run.id(),
                                run.status(),
                                run.state(),
                                owner,
                                until,
                                run.createdAt(),
                                run.updatedAt(),
                                null);
                if (cell.compareAndSet(run, claimed)) {
                    return claimed;
                }
                run = cell.get();
            }
        }
        return null;
    }

    RunRow complete(UUID runId) {
        RunCell cell = runs.get(runId);
        Instant now = Instant.now();
        while (true) {
            RunRow run = cell.get();
            if (run.status().isTerminal()) {
                return run;
            }
            RunRow completed =
                    new RunRow(
                            run.id(),
                            RunStatus.COMPLETED,
                            run.state(),
                            null,
                            null,
                            run.createdAt(),
                            now,
                            now);
            if (cell.compareAndSet(run, completed)) {
                if (cell.task.latest == cell) {
                    index(cell.task, run.status(), RunStatus.COMPLETED);
                }
                return completed;
            }
        }
    }

    /** The index is only a hint: a list checks the run again, so a race costs one check. */
    private void index(TaskCell task, RunStatus from, RunStatus to) {
        byStatus.get(to).add(task.task.number());
        if (from != null) {
            byStatus.get(from).remove(task.task.number());
        }
    }

    List<TaskCell> latest(int limit) {
        List<TaskCell> page = new ArrayList<>(limit);
        for (int number = lastNumber.get(); number >= 0 && page.size() < limit; number--) {
            add(number, page);
        }
        return page;
    }

    List<TaskCell> ofCreator(long creator, int limit) {
        return page(list(byCreator, creator).latest(limit));
    }

    List<TaskCell> ofOrigin(OriginProduct origin, int limit) {
        return page(list(byOrigin, origin).latest(limit));
    }

    List<TaskCell> ofRepository(String repository, int limit) {
        return page(list(byRepository, repository).latest(limit));
    }

    List<TaskCell> withStatus(RunStatus status, int limit) {
        ConcurrentBitSet numbers = byStatus.get(status);
        List<TaskCell> page = new ArrayList<>(limit);
        int number = numbers.atMost(lastNumber.get());
        while (number >= 0 && page.size() < limit) {
            TaskCell cell = all.get(number);
            if (cell != null && cell.latest != null && cell.latest.get().status() == status) {
                page.add(cell);
            }
            number = numbers.atMost(number - 1);
        }
        return page;
    }

    private List<TaskCell> page(int[] numbers) {
        List<TaskCell> page = new ArrayList<>(numbers.length);
        for (int number : numbers) {
            add(number, page);
        }
        return page;
    }

    private void add(int number, List<TaskCell> page) {
        TaskCell cell = all.get(number);
        if (cell != null) {
            page.add(cell);
        }
    }
}
