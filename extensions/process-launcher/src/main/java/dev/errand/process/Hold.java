package dev.errand.process;

import dev.errand.spi.dispatch.SandboxId;
import java.util.Optional;

/**
 * The right to start a sandbox and to tell what it prints. One launcher at a time has it; it ends
 * with the launcher's process at the latest, but not while that is only paused. Thread-safe.
 */
final class Hold {

    private final WorkDirectory workDirectory;
    private final SandboxId sandbox;

    /** Guarded by this. */
    private Optional<WorkDirectory.Range> range = Optional.empty();

    /** Not taken yet. */
    Hold(WorkDirectory workDirectory, SandboxId sandbox) {
        this.workDirectory = workDirectory;
        this.sandbox = sandbox;
    }

    /** Takes it, if nobody else has it; true also where it was taken before. */
    synchronized boolean take() {
        if (range.isEmpty()) {
            range = workDirectory.lock(sandbox);
        }
        return range.isPresent();
    }

    /** Lets go of it; harmless where it was not taken. */
    synchronized void release() {
        range.ifPresent(WorkDirectory.Range::unlock);
        range = Optional.empty();
    }
}
