package dev.errand.process;

import java.util.List;

/** The processes of this machine. Thread-safe. */
interface ProcessTable {

    /** Returns the living processes, without zombies. */
    List<ProcessInfo> processes();

    /** Returns whether {@link #hasMark} can answer for processes of the same user. */
    boolean canReadMarks();

    /**
     * Returns whether a process was started with a sandbox's mark in its environment; false if that
     * is unknown.
     */
    boolean hasMark(long pid, SandboxMark mark);

    /** Returns the resident memory of a process including shared memory, or 0 if unknown. */
    default long residentBytes(long pid) {
        return 0;
    }

    /** Returns the real user id of a process, or -1 if unknown. */
    default long userOf(long pid) {
        return -1;
    }

    /** Returns the most capable implementation for this system. */
    static ProcessTable ofThisSystem() {
        return LinuxProcessTable.isAvailable()
                ? new LinuxProcessTable()
                : new PortableProcessTable();
    }
}
