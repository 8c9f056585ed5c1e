package dev.errand.process;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All processes of one sandbox, found in three ways: who descends from whom, kept from look to
 * look, so that a child is known after its parent died; the session they were born into; and the
 * mark in their environment, which also those carry who left session and parents. One process has
 * to drop all three, between two looks, to be lost.
 *
 * <p>Not thread-safe; a sandbox looks under its lock.
 */
final class ProcessTree {

    private final ProcessTable table;
    private final SandboxMark mark;
    private final OptionalLong session;
    private final Set<ProcessHandle> known = new HashSet<>();

    /**
     * A tree that grows from what is known.
     *
     * @param session the session that is the sandbox's own, if it has one
     */
    ProcessTree(ProcessTable table, SandboxMark mark, OptionalLong session) {
        this.table = table;
        this.mark = mark;
        this.session = session;
    }

    boolean hasSession() {
        return session.isPresent();
    }

    void add(ProcessHandle process) {
        known.add(process);
    }

    /** Takes note of who belongs to the tree by descent and session. Cheap. */
    Set<ProcessHandle> observe(ProcessSnapshot snapshot) {
        known.removeIf(process -> !isAlive(process, snapshot));
        Set<Long> roots = known.stream().map(ProcessHandle::pid).collect(Collectors.toSet());
        session.ifPresent(own -> roots.addAll(snapshot.pids(row -> row.session() == own)));
        return grow(snapshot, roots);
    }

    /** The same, and by their marks: reads every environment that it may. */
    Set<ProcessHandle> search(ProcessSnapshot snapshot) {
        observe(snapshot);
        return grow(snapshot, snapshot.pids(row -> table.bears(row.pid(), mark)));
    }

    /** Whether a process is more than an entry that its parent has not taken note of. */
    static boolean isAlive(ProcessHandle process, ProcessSnapshot snapshot) {
        return snapshot.has(process.pid()) && process.isAlive();
    }

    /** Asks processes to end. */
    static void ask(Set<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroy);
    }

    /** Ends processes by force. */
    static void force(Set<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroyForcibly);
    }

    /** The host itself is never of the tree, whoever's environment it was started with. */
    private Set<ProcessHandle> grow(ProcessSnapshot snapshot, Set<Long> roots) {
        for (long pid : snapshot.withDescendants(roots)) {
            if (pid != ProcessHandle.current().pid()) {
                ProcessHandle.of(pid).ifPresent(known::add);
            }
        }
        return Set.copyOf(known);
    }
}
