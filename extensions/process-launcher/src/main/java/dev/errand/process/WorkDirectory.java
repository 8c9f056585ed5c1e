package dev.errand.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of all sandboxes of one launcher, locked against a second one as long as it is
 * open. Thread-safe.
 */
final class WorkDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);
    private static final String LOCK = ".errand-launcher.lock";

    private final Path root;
    private final FileChannel lock;

    private WorkDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Makes the directory if it is missing, and locks it.
     *
     * @throws IllegalStateException if another launcher has it open
     */
    static WorkDirectory open(Path root) throws IOException {
        PrivateFiles.createDirectories(root);
        FileChannel channel =
                FileChannel.open(
                        root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ofThisJvm) {
            // Refused below, like that of another.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new IllegalStateException(
                    "work directory "
                            + root
                            + " is in use by another launcher; each needs its own");
        }
        return new WorkDirectory(root, channel);
    }

    /** Makes the sandbox's own directory, which must not be there yet. */
    synchronized void create(SandboxDirectory directory) throws IOException {
        PrivateFiles.createDirectories(directory.root().getParent());
        PrivateFiles.createDirectory(directory.root());
    }

    /** Sets it aside for people, under a name that is no sandbox's. */
    void keep(SandboxDirectory directory) throws IOException {
        directory.eraseSecrets();
        moveAside(directory, ".kept");
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

    @Override
    public void close() throws IOException {
        lock.close();
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
