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

/** A snapshot of the machine's processes, shared by all sandboxes. Immutable. */
final class ProcessSnapshot {

    private final long takenAt;
    private final List<ProcessInfo> processes;
    private final Map<Long, List<Long>> children = new HashMap<>();
    private final Set<Long> pids = new HashSet<>();

    /** Takes a snapshot now. */
    static ProcessSnapshot of(ProcessTable table) {
        return new ProcessSnapshot(System.nanoTime(), table.processes());
    }

    private ProcessSnapshot(long takenAt, List<ProcessInfo> processes) {
        this.takenAt = takenAt;
        this.processes = List.copyOf(processes);
        for (ProcessInfo process : processes) {
            pids.add(process.pid());
            children.computeIfAbsent(process.parent(), parent -> new ArrayList<>())
                    .add(process.pid());
        }
    }

    /** Returns whether the snapshot was taken after a {@link System#nanoTime()}. */
    boolean isTakenAfter(long time) {
        return takenAt - time >= 0;
    }

    boolean contains(long pid) {
        return pids.contains(pid);
    }

    Set<Long> pids(Predicate<ProcessInfo> wanted) {
        return processes.stream().filter(wanted).map(ProcessInfo::pid).collect(Collectors.toSet());
    }

    /** Returns these processes and all their descendants. */
    Set<Long> withDescendants(Collection<Long> roots) {
        Set<Long> found = new HashSet<>(roots);
        Deque<Long> pending = new ArrayDeque<>(roots);
        while (!pending.isEmpty()) {
            for (long child : children.getOrDefault(pending.pop(), List.of())) {
                if (found.add(child)) {
                    pending.push(child);
                }
            }
        }
        return found;
    }
}
