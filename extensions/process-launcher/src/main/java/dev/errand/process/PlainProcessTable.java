package dev.errand.process;

import java.util.List;

/**
 * What Java itself knows of processes: who is whose child. It tells neither sessions nor
 * environments, so a process that left its parents between two looks is not found again.
 */
final class PlainProcessTable implements ProcessTable {

    @Override
    public List<ProcessRow> rows() {
        return ProcessHandle.allProcesses().map(PlainProcessTable::row).toList();
    }

    @Override
    public boolean knowsMarks() {
        return false;
    }

    @Override
    public boolean bears(long pid, SandboxMark mark) {
        return false;
    }

    private static ProcessRow row(ProcessHandle process) {
        long parent = process.parent().map(ProcessHandle::pid).orElse(0L);
        return new ProcessRow(process.pid(), parent, ProcessRow.NO_SESSION);
    }
}
