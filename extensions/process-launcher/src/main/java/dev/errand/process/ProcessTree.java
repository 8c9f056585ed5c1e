package dev.errand.process;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The processes of one sandbox. They are found in three ways: by descent, which is remembered from
 * snapshot to snapshot so that a child is known after its parent ended; by their session; and by
 * the mark in their environment. A process is missed only if it escapes all three between two
 * snapshots. None is missed if the sandbox has a user for itself, or a control group that its agent
 * may not leave.
 *
 * <p>Not thread-safe; a sandbox uses it under its lock.
 */
final class ProcessTree {

    private final ProcessTable table;
    private final SandboxMark mark;
    private final OptionalLong session;
    private final OptionalLong user;
    private final Optional<ControlGroup> group;
    private final Set<ProcessHandle> known = new HashSet<>();

    /**
     * Creates a tree without processes.
     *
     * @param session the sandbox's own session, if it has one
     * @param user the id of a user as which nothing else runs, if there is one
     * @param group the sandbox's control group, if it has one
     */
    ProcessTree(
            ProcessTable table,
            SandboxMark mark,
            OptionalLong session,
            OptionalLong user,
            Optional<ControlGroup> group) {
        this.table = table;
        this.mark = mark;
        this.session = session;
        this.user = user;
        this.group = group;
    }

    boolean hasSession() {
        return session.isPresent();
    }

    void add(ProcessHandle process) {
        known.add(process);
    }

    /** Updates the tree by descent and session, and returns its living processes. Cheap. */
    Set<ProcessHandle> observe(ProcessSnapshot snapshot) {
        known.removeIf(process -> !isAlive(process, snapshot));
        Set<Long> roots = known.stream().map(ProcessHandle::pid).collect(Collectors.toSet());
        group.ifPresent(own -> roots.addAll(own.processes()));
        session.ifPresent(own -> roots.addAll(snapshot.pids(row -> row.session() == own)));
        return grow(snapshot, roots);
    }

    /**
     * Updates the tree also by environment marks, and returns its living processes. Reads the
     * environment of every process that it may read.
     */
    Set<ProcessHandle> search(ProcessSnapshot snapshot) {
        observe(snapshot);
        return grow(
                snapshot,
                snapshot.pids(row -> table.hasMark(row.pid(), mark) || hasUser(row.pid())));
    }

    private boolean hasUser(long pid) {
        return user.isPresent() && table.userOf(pid) == user.getAsLong();
    }

    /** Returns whether a process is alive and not a zombie. */
    static boolean isAlive(ProcessHandle process, ProcessSnapshot snapshot) {
        return snapshot.contains(process.pid()) && process.isAlive();
    }

    /** Sends SIGTERM to processes. */
    static void terminate(Set<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroy);
    }

    /** Sends SIGKILL to processes, and to everything in the control group. */
    void kill(Set<ProcessHandle> processes) {
        group.ifPresent(ControlGroup::kill);
        processes.forEach(ProcessHandle::destroyForcibly);
    }

    /** Deletes the control group. No process is alive. */
    void close() {
        group.ifPresent(ControlGroup::delete);
    }

    /** Excludes the host, which may itself have been started with a sandbox's environment. */
    private Set<ProcessHandle> grow(ProcessSnapshot snapshot, Set<Long> roots) {
        for (long pid : snapshot.withDescendants(roots)) {
            if (pid != ProcessHandle.current().pid()) {
                ProcessHandle.of(pid).ifPresent(known::add);
            }
        }
        return Set.copyOf(known);
    }
}
