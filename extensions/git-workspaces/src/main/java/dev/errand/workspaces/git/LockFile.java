package dev.errand.workspaces.git;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Named locks between threads and between processes of a machine. Each is a byte in a file that
 * stays empty; the operating system releases it when the process ends. Thread-safe.
 */
final class LockFile implements AutoCloseable {

    /**
     * The files that this process has open. POSIX locks belong to a process: closing any channel to
     * a file releases all of its locks, so a process must not open the file twice.
     */
    private static final Set<Object> OPEN_IN_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final Object identity;
    private final FileChannel channel;

    private LockFile(Object identity, FileChannel channel) {
        this.identity = identity;
        this.channel = channel;
    }

    /**
     * Opens the file, after creating it if it is missing.
     *
     * @throws IllegalStateException if this process has it open already
     */
    static LockFile open(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalArgumentException("not a file: " + file);
        }
        Path real = directory.toRealPath();
        Object key = Files.readAttributes(real, BasicFileAttributes.class).fileKey();
        Object identity = key == null ? real : key;
        if (!OPEN_IN_THIS_PROCESS.add(identity)) {
            throw new IllegalStateException(
                    directory + " is in use in this process already; close its user first");
        }
        boolean opened = false;
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            opened = true;
            return new LockFile(identity, channel);
        } finally {
            if (!opened) {
                OPEN_IN_THIS_PROCESS.remove(identity);
            }
        }
    }

    /** Acquires a lock if it is free. */
    Optional<FileLock> tryLock(String name) throws IOException {
        long position = Long.parseUnsignedLong(Texts.digest(name).substring(0, 15), 16);
        try {
            return Optional.ofNullable(channel.tryLock(position, 1, false));
        } catch (OverlappingFileLockException heldByThisProcess) {
            return Optional.empty();
        }
    }

    /** Releases a lock. Does nothing if closing this file has released it. */
    static void release(FileLock lock) throws IOException {
        try {
            lock.release();
        } catch (ClosedChannelException released) {
            // Closing the file released all locks.
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OPEN_IN_THIS_PROCESS.remove(identity);
        }
    }
}
