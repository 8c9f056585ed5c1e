package dev.errand.jdbc;

import dev.errand.spi.ProjectId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntToLongFunction;

/**
 * Takes numbers for many threads of a process at once: while a statement takes some of a project,
 * others who want some of it wait together, and the first of them takes the numbers of all. One
 * statement each, they would wait for each other at the project's row, and cost a round trip more.
 *
 * <p>No number is taken before it was asked for, so each is greater than any that was known then.
 * Thread-safe; who waits holds no connection.
 */
final class SharedNumbers {

    /** Those who take a project's numbers: one at a time, for everybody who came meanwhile. */
    private static final class Line {
        private final Lock turn = new ReentrantLock();
        private Group waiting;
        private int groups;
    }

    /** What is taken together; its first number is unknown if that failed. */
    private static final class Group {
        private final CompletableFuture<Optional<Long>> first = new CompletableFuture<>();
        private int count;
    }

    private final Map<ProjectId, Line> lines = new HashMap<>();
    private final Lock lock = new ReentrantLock();

    /**
     * The first of {@code count} numbers that nobody else gets.
     *
     * @param source takes so many numbers, and answers with the first of them
     */
    long next(ProjectId project, int count, IntToLongFunction source) {
        Line line;
        Group group;
        boolean isFirst;
        int before;
        lock.lock();
        try {
            line = lines.computeIfAbsent(project, key -> new Line());
            isFirst = line.waiting == null;
            if (isFirst) {
                line.waiting = new Group();
                line.groups++;
            }
            group = line.waiting;
            before = group.count;
            group.count += count;
        } finally {
            lock.unlock();
        }
        if (isFirst) {
            return takeFor(project, line, group, source);
        }
        // Where the one who asked for all has failed, each finds out for itself.
        return group.first
                .join()
                .map(first -> first + before)
                .orElseGet(() -> source.applyAsLong(count));
    }

    private long takeFor(ProjectId project, Line line, Group group, IntToLongFunction source) {
        line.turn.lock();
        try {
            long first = source.applyAsLong(close(line));
            group.first.complete(Optional.of(first));
            return first;
        } finally {
            group.first.complete(Optional.empty());
            line.turn.unlock();
            leave(project, line);
        }
    }

    /** From now on, who comes waits for the next group; how many numbers this one wants. */
    private int close(Line line) {
        lock.lock();
        try {
            int count = line.waiting.count;
            line.waiting = null;
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void leave(ProjectId project, Line line) {
        lock.lock();
        try {
            if (--line.groups == 0) {
                lines.remove(project);
            }
        } finally {
            lock.unlock();
        }
    }
}
