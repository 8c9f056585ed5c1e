package dev.errand.process;

import java.util.Optional;

/**
 * The first process of a sandbox: the shell around the agent.
 *
 * @param handle the process; empty if an earlier launcher started it and it has ended
 * @param started the process as a child of this JVM; empty if an earlier launcher started it. Only
 *     a child provides its exit code.
 */
record MainProcess(Optional<ProcessHandle> handle, Optional<Process> started) {

    static MainProcess started(Process process) {
        return new MainProcess(Optional.of(process.toHandle()), Optional.of(process));
    }

    static MainProcess found(Optional<ProcessHandle> handle) {
        return new MainProcess(handle, Optional.empty());
    }

    boolean isAlive(ProcessSnapshot snapshot) {
        return started.isPresent()
                ? started.get().isAlive()
                : handle.isPresent() && ProcessTree.isAlive(handle.get(), snapshot);
    }

    /**
     * Returns the exit code of a child of this JVM that has ended; 128 + n if signal n ended it.
     */
    Optional<Integer> exitCode() {
        return started.filter(process -> !process.isAlive()).map(Process::exitValue);
    }
}
