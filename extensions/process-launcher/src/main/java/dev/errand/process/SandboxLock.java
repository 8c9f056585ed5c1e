package dev.errand.process;

import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exclusive right to start a sandbox and to forward its output. One launcher at a time holds
 * it. The operating system releases it when the launcher's process ends, but not while that process
 * is only paused. Thread-safe.
 */
final class SandboxLock {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxLock.class);

    private final WorkDirectory workDirectory;
    private final SandboxId sandbox;

    /** Guarded by this. */
    private Optional<FileLock> fileLock = Optional.empty();

    /** Creates the lock without acquiring it. */
    SandboxLock(WorkDirectory workDirectory, SandboxId sandbox) {
        this.workDirectory = workDirectory;
        this.sandbox = sandbox;
    }

    /** Returns whether this launcher holds the lock, after acquiring it if it is free. */
    synchronized boolean tryAcquire() {
        if (fileLock.isEmpty()) {
            fileLock = workDirectory.lock(sandbox);
        }
        return fileLock.isPresent();
    }

    /** Releases the lock. Does nothing if it is not held. */
    synchronized void release() {
        fileLock.ifPresent(SandboxLock::release);
        fileLock = Optional.empty();
    }

    private static void release(FileLock fileLock) {
        try {
            fileLock.release();
        } catch (ClosedChannelException released) {
            // Closing the work directory released all locks.
        } catch (IOException failure) {
            LOG.warn("Cannot release a sandbox's lock before this process ends", failure);
        }
    }
}
