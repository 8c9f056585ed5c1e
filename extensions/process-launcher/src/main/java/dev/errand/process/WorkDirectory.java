package dev.errand.process;

import dev.errand.spi.dispatch.SandboxId;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of all sandboxes. Launchers of several processes may share it; of one process, one
 * launcher has it open at a time. Thread-safe.
 */
final class WorkDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);
    private static final String LOCKS = ".errand-launcher.lock";
    private static final String PUT_AWAY = ".put-away";
    private static final int MAX_TRIES = 10;

    /**
     * Those that this process has open. POSIX locks belong to a process: who opens and closes a
     * file of locks twice loses all of them, so that here is no room for two.
     */
    private static final Set<Object> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final Object identity;
    private final FileChannel locks;

    private WorkDirectory(Path root, Object identity, FileChannel locks) {
        this.root = root;
        this.identity = identity;
        this.locks = locks;
    }

    /** A byte of the file of locks that is locked for a sandbox. */
    record Range(FileLock lock) {
        void unlock() {
            try {
                lock.release();
            } catch (ClosedChannelException released) {
                // With all others, when the work directory was closed.
            } catch (IOException failure) {
                LOG.warn("Cannot unlock a sandbox before this process ends", failure);
            }
        }
    }

    /**
     * Makes the directory if it is missing, and opens it.
     *
     * @throws IllegalStateException if another launcher of this process has it open
     */
    static WorkDirectory open(Path root) throws IOException {
        PrivateFiles.createDirectories(root);
        Path real = root.toRealPath();
        Object key = Files.readAttributes(real, BasicFileAttributes.class).fileKey();
        Object identity = key == null ? real : key;
        if (!OPEN_HERE.add(identity)) {
            throw new IllegalStateException(
                    "work directory " + root + " is open in another launcher of this process");
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
                OPEN_HERE.remove(identity);
            }
        }
    }

    /**
     * Locks a sandbox against the launchers of other processes; empty if one of them has it locked.
     * One byte for each, far apart in a file that stays empty: nothing is to be cleared away, and
     * the system unlocks it when this process ends, however it does.
     */
    Optional<Range> lock(SandboxId sandbox) {
        try {
            FileLock lock = locks.tryLock(position(sandbox), 1, false);
            return Optional.ofNullable(lock).map(Range::new);
        } catch (OverlappingFileLockException held) {
            return Optional.empty();
        } catch (IOException failure) {
            throw Failures.retryable("cannot lock " + sandbox, failure);
        }
    }

    private static long position(SandboxId sandbox) {
        UUID run = sandbox.run().value();
        long mixed = run.getMostSignificantBits() * 31 + run.getLeastSignificantBits();
        return (mixed * 31 + sandbox.attempt()) & (Long.MAX_VALUE >> 1);
    }

    /** Makes the sandbox's own directory, which must not be there yet. */
    synchronized void create(SandboxDirectory directory) throws IOException {
        for (int tries = 1; ; tries++) {
            PrivateFiles.createDirectories(directory.root().getParent());
            try {
                PrivateFiles.createDirectory(directory.root());
                return;
            } catch (NoSuchFileException pruned) {
                // The launcher of another process found the run's directory empty in between.
                if (tries == MAX_TRIES) {
                    throw pruned;
                }
            }
        }
    }

    /** Sets it aside for people, under a name that is no sandbox's. */
    void keep(SandboxDirectory directory) throws IOException {
        directory.eraseSecrets();
        moveAside(directory, ".kept");
    }

    /**
     * Remembers for a while that a sandbox is over and done with: an owner that was paused may not
     * know that others saw to it, and would start it again.
     */
    void remember(SandboxId sandbox) throws IOException {
        PrivateFiles.createDirectories(root.resolve(PUT_AWAY));
        Path mark = mark(sandbox);
        try {
            PrivateFiles.create(mark, "");
        } catch (FileAlreadyExistsException remembered) {
            // By another launcher, which puts it away, too.
        }
    }

    boolean wasPutAway(SandboxId sandbox) {
        return Files.exists(mark(sandbox), LinkOption.NOFOLLOW_LINKS);
    }

    /** Forgets what was put away before that. */
    void forgetPutAway(Instant before) throws IOException {
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(root.resolve(PUT_AWAY))) {
            for (Path mark : marks) {
                if (isOlderThan(mark, before)) {
                    Files.deleteIfExists(mark);
                }
            }
        } catch (NoSuchFileException none) {
            // Nothing was put away yet.
        }
    }

    private Path mark(SandboxId sandbox) {
        return root.resolve(PUT_AWAY).resolve(sandbox.run() + "." + sandbox.attempt());
    }

    /** Deletes it: at once for everybody, as it moves aside first, and then bit by bit. */
    void delete(SandboxDirectory directory) throws IOException {
        Path condemned = moveAside(directory, ".deleted");
        try {
            PrivateFiles.delete(condemned);
            prune(condemned.getParent());
        } catch (IOException failure) {
            // An agent can make what its own user cannot delete, by a container for instance.
            LOG.warn("Cannot delete {}; it is left to people", condemned, failure);
        }
    }

    /** All that is or was a sandbox's and did not change since. */
    List<Path> olderThan(Instant time) throws IOException {
        List<Path> found = List.of(root);
        for (String level : List.of("project_*", "task_*", "run_*", "attempt_*")) {
            List<Path> next = new ArrayList<>();
            for (Path directory : found) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, level)) {
                    entries.forEach(next::add);
                } catch (NoSuchFileException | DirectoryIteratorException pruned) {
                    // Others clear away, too.
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

    /** Deletes what was set aside or forgotten. */
    void deleteForGood(Path directory) {
        try {
            PrivateFiles.delete(directory);
            prune(directory.getParent());
            LOG.info("{} is deleted, nobody needed it any more", directory);
        } catch (NoSuchFileException cleared) {
            // By somebody else in the same moment.
        } catch (IOException failure) {
            LOG.warn("Cannot delete {}; it is left to people", directory, failure);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            locks.close();
        } finally {
            OPEN_HERE.remove(identity);
        }
    }

    private synchronized Path moveAside(SandboxDirectory directory, String suffix)
            throws IOException {
        String name = directory.root().getFileName() + suffix;
        Path target = directory.root().resolveSibling(name);
        for (int n = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); n++) {
            target = directory.root().resolveSibling(name + "-" + n);
        }
        return Files.move(directory.root(), target);
    }

    /** Removes the directories of run, task and project that hold nothing any more. */
    private synchronized void prune(Path directory) throws IOException {
        try {
            for (Path empty = directory; !empty.equals(root); empty = empty.getParent()) {
                Files.delete(empty);
            }
        } catch (DirectoryNotEmptyException | NoSuchFileException enough) {
            // Others are in it, or were quicker.
        }
    }
}
