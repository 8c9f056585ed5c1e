package dev.errand.process;

import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directory of all sandboxes. Launchers of several processes may share it; within one process,
 * one launcher at a time may open it. Thread-safe.
 */
final class WorkDirectory implements AutoCloseable {

    private static final String LOCKS = ".errand-launcher.lock";
    private static final String DISCARDED = ".discarded";
    private static final String DELETED = ".deleted";
    private static final Set<PosixFilePermission> REACHABLE =
            PosixFilePermissions.fromString("rwx--x--x");
    private static final int MAX_TRIES = 10;

    /**
     * The directories that this process has open. POSIX locks belong to a process: closing any
     * channel to the lock file releases all of its locks, so a process must not open the file
     * twice.
     */
    private static final Set<Object> OPEN_IN_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final Object identity;
    private final FileChannel locks;

    private WorkDirectory(Path root, Object identity, FileChannel locks) {
        this.root = root;
        this.identity = identity;
        this.locks = locks;
    }

    /**
     * Opens the directory, after creating it if it is missing.
     *
     * @throws IllegalStateException if another launcher of this process has it open
     */
    static WorkDirectory open(Path root) throws IOException {
        PrivateFiles.createDirectories(root);
        Path real = root.toRealPath();
        Object key = Files.readAttributes(real, BasicFileAttributes.class).fileKey();
        Object identity = key == null ? real : key;
        if (!OPEN_IN_THIS_PROCESS.add(identity)) {
            throw new IllegalStateException(
                    "work directory "
                            + root
                            + " is open in another launcher of this process; close that launcher first");
        }
        boolean opened = false;
        try {
            FileChannel channel =
                    FileChannel.open(
                            root.resolve(LOCKS),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            opened = true;
            return new WorkDirectory(root, identity, channel);
        } finally {
            if (!opened) {
                OPEN_IN_THIS_PROCESS.remove(identity);
            }
        }
    }

    /**
     * Locks a sandbox against launchers of other processes; returns empty if one of them holds the
     * lock. Each sandbox has its own byte in a file that stays empty, so nothing has to be deleted,
     * and the operating system releases the lock when this process ends.
     */
    Optional<FileLock> lock(SandboxId sandbox) {
        try {
            return Optional.ofNullable(locks.tryLock(position(sandbox), 1, false));
        } catch (OverlappingFileLockException held) {
            return Optional.empty();
        } catch (IOException failure) {
            throw PortExceptions.retryable("cannot lock " + sandbox, failure);
        }
    }

    /** Locks a user against launchers of other processes; see {@link #lock(SandboxId)}. */
    Optional<FileLock> lock(SandboxUser user) {
        try {
            return Optional.ofNullable(locks.tryLock(Long.MAX_VALUE - 1 - user.uid(), 1, false));
        } catch (OverlappingFileLockException held) {
            return Optional.empty();
        } catch (IOException failure) {
            throw PortExceptions.retryable("cannot lock user " + user.name(), failure);
        }
    }

    /** Lets other users reach a sandbox's directory, but not see what else there is. */
    void makeReachable(SandboxDirectory directory) throws IOException {
        for (Path path = directory.root(); !path.equals(root); path = parentOf(path)) {
            Files.setPosixFilePermissions(path, REACHABLE);
        }
    }

    /** Lets other users reach directories for which that is permitted. */
    void makeReachable() throws IOException {
        Files.setPosixFilePermissions(root, REACHABLE);
    }

    private static long position(SandboxId sandbox) {
        UUID run = sandbox.run().value();
        long mixed = run.getMostSignificantBits() * 31 + run.getLeastSignificantBits();
        return (mixed * 31 + sandbox.attempt()) & (Long.MAX_VALUE >> 1);
    }

    /** Creates the sandbox's own directory, which must not exist yet. */
    synchronized void create(SandboxDirectory directory) throws IOException {
        for (int tries = 1; ; tries++) {
            PrivateFiles.createDirectories(parentOf(directory.root()));
            try {
                PrivateFiles.createDirectory(directory.root());
                return;
            } catch (NoSuchFileException pruned) {
                // A launcher of another process deleted the empty parent directory meanwhile.
                if (tries == MAX_TRIES) {
                    throw pruned;
                }
            }
        }
    }

    /**
     * Sets a directory without secrets aside for inspection, under a name that is not a sandbox's.
     */
    synchronized void retain(SandboxDirectory directory) throws IOException {
        String name = directory.root().getFileName() + ".kept";
        Path target = directory.root().resolveSibling(name);
        for (int n = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); n++) {
            target = directory.root().resolveSibling(name + "-" + n);
        }
        Files.move(directory.root(), target);
    }

    /**
     * Records that a sandbox was discarded. Without it, a paused owner that does not know this
     * could start the sandbox again.
     */
    void markDiscarded(SandboxId sandbox) throws IOException {
        PrivateFiles.createDirectories(root.resolve(DISCARDED));
        Path marker = discardMarker(sandbox);
        try {
            PrivateFiles.create(marker, "");
        } catch (FileAlreadyExistsException remembered) {
            // Another launcher discards it at the same time.
        }
    }

    boolean wasDiscarded(SandboxId sandbox) {
        return Files.exists(discardMarker(sandbox), LinkOption.NOFOLLOW_LINKS);
    }

    /** Deletes the markers that are older than {@code before}. */
    void deleteDiscardMarkers(Instant before) throws IOException {
        try (DirectoryStream<Path> markers = Files.newDirectoryStream(root.resolve(DISCARDED))) {
            for (Path marker : markers) {
                if (isOlderThan(marker, before)) {
                    Files.deleteIfExists(marker);
                }
            }
        } catch (NoSuchFileException none) {
            // Nothing was discarded yet.
        }
    }

    private Path discardMarker(SandboxId sandbox) {
        return root.resolve(DISCARDED).resolve(sandbox.run() + "." + sandbox.attempt());
    }

    /**
     * Sets a directory aside for deletion, so that it disappears at once, whatever an agent left in
     * it. Returns its new path, which {@link #listDeleted} returns until it is deleted.
     */
    synchronized Path moveToDeleted(Path directory) throws IOException {
        PrivateFiles.createDirectories(root.resolve(DELETED));
        Path target =
                Files.move(
                        directory,
                        root.resolve(DELETED)
                                .resolve(
                                        "%s.%s.%s"
                                                .formatted(
                                                        parentOf(directory).getFileName(),
                                                        directory.getFileName(),
                                                        UUID.randomUUID())));
        deleteEmptyParents(directory);
        return target;
    }

    /** Returns the directories that were set aside for deletion and still exist. */
    List<Path> listDeleted() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(DELETED))) {
            entries.forEach(found::add);
        } catch (NoSuchFileException none) {
            // Nothing was deleted yet.
        }
        return found;
    }

    /**
     * Returns the directories of present and former sandboxes that were last modified before {@code
     * time}.
     */
    List<Path> listOlderThan(Instant time) throws IOException {
        List<Path> found = List.of(root);
        for (String level : List.of("project_*", "task_*", "run_*", "attempt_*")) {
            List<Path> next = new ArrayList<>();
            for (Path directory : found) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, level)) {
                    entries.forEach(next::add);
                } catch (NoSuchFileException | DirectoryIteratorException pruned) {
                    // Another launcher deleted it meanwhile.
                }
            }
            found = next;
        }
        return found.stream().filter(directory -> isOlderThan(directory, time)).toList();
    }

    private static boolean isOlderThan(Path directory, Instant time) {
        try {
            return Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(time);
        } catch (IOException cleared) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            locks.close();
        } finally {
            OPEN_IN_THIS_PROCESS.remove(identity);
        }
    }

    /** Deletes the directories of run, task and project above a directory that are empty. */
    private void deleteEmptyParents(Path directory) throws IOException {
        try {
            for (Path empty = parentOf(directory); !empty.equals(root); empty = parentOf(empty)) {
                Files.delete(empty);
            }
        } catch (DirectoryNotEmptyException | NoSuchFileException inUseOrDeleted) {
            // Other sandboxes use it, or another launcher deleted it.
        }
    }

    private static Path parentOf(Path directory) {
        return Objects.requireNonNull(directory.getParent());
    }
}
