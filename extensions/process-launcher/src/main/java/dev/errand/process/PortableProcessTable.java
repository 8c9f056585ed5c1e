package dev.errand.process;

import java.util.List;

/**
 * Reads the process table through {@link ProcessHandle}. It provides neither sessions nor
 * environments, so a process whose parent ends between two snapshots is not found again.
 */
final class PortableProcessTable implements ProcessTable {

    @Override
    public List<ProcessInfo> processes() {
        return ProcessHandle.allProcesses().map(PortableProcessTable::infoOf).toList();
    }

    @Override
    public boolean canReadMarks() {
        return false;
    }

    @Override
    public boolean hasMark(long pid, SandboxMark mark) {
        return false;
    }

    private static ProcessInfo infoOf(ProcessHandle process) {
        long parent = process.parent().map(ProcessHandle::pid).orElse(0L);
        return new ProcessInfo(process.pid(), parent, ProcessInfo.NO_SESSION);
    }
}
