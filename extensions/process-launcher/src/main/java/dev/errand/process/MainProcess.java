package dev.errand.process;

import java.util.Optional;

/**
 * The first process of a sandbox: the shell around the agent.
 *
 * @param handle the process; empty where an earlier launcher started it and it is gone
 * @param started the same as this launcher's own child, which alone tells its exit code
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

    /** The exit code of this launcher's own child, once it has ended; by signal n it is 128 + n. */
    Optional<Integer> exitCode() {
        return started.filter(process -> !process.isAlive()).map(Process::exitValue);
    }
}
