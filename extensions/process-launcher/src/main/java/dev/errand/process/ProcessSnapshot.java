package dev.errand.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One look at the processes of the machine, shared by all sandboxes. Immutable. */
final class ProcessSnapshot {

    private final long takenAt;
    private final List<ProcessRow> rows;
    private final Map<Long, List<Long>> children = new HashMap<>();
    private final Set<Long> pids = new HashSet<>();

    /** Looks now. */
    static ProcessSnapshot of(ProcessTable table) {
        return new ProcessSnapshot(System.nanoTime(), table.rows());
    }

    private ProcessSnapshot(long takenAt, List<ProcessRow> rows) {
        this.takenAt = takenAt;
        this.rows = List.copyOf(rows);
        for (ProcessRow row : rows) {
            pids.add(row.pid());
            children.computeIfAbsent(row.parent(), parent -> new ArrayList<>()).add(row.pid());
        }
    }

    /** Whether all of it was seen after a {@link System#nanoTime()}. */
    boolean isSince(long time) {
        return takenAt - time >= 0;
    }

    boolean has(long pid) {
        return pids.contains(pid);
    }

    Set<Long> pids(Predicate<ProcessRow> wanted) {
        return rows.stream().filter(wanted).map(ProcessRow::pid).collect(Collectors.toSet());
    }

    /** These processes and all that descend from them. */
    Set<Long> withDescendants(Collection<Long> roots) {
        Set<Long> found = new HashSet<>(roots);
        Deque<Long> left = new ArrayDeque<>(roots);
        while (!left.isEmpty()) {
            for (long child : children.getOrDefault(left.pop(), List.of())) {
                if (found.add(child)) {
                    left.push(child);
                }
            }
        }
        return found;
    }
}
