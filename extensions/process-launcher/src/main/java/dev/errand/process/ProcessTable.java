package dev.errand.process;

import java.util.List;

/** The processes of this machine. Thread-safe. */
interface ProcessTable {

    /**
     * The processes that are alive now; those that are dead and only wait for their parent are left
     * out.
     */
    List<ProcessRow> rows();

    /** Whether {@link #bears} can tell, for processes of the same user. */
    boolean knowsMarks();

    /**
     * Whether a process was started with a sandbox's mark in its environment; false where that
     * cannot be known.
     */
    boolean bears(long pid, SandboxMark mark);

    /** What a process has in memory, parts that it shares with others included; 0 if unknown. */
    default long residentBytes(long pid) {
        return 0;
    }

    /** The best that this system offers. */
    static ProcessTable ofThisSystem() {
        return LinuxProcessTable.isAvailable() ? new LinuxProcessTable() : new PlainProcessTable();
    }
}
