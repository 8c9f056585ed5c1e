package dev.errand.process;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Measures and deletes directory trees that an agent created: paths longer than the operating
 * system accepts, directories without permissions, any number of entries, any type of file, and
 * changes meanwhile. Symbolic links are not followed. Memory and open files are bounded.
 */
final class DirectoryTree {

    /** Each level needs two file descriptors. */
    static final int MAX_MEASURED_DEPTH = 256;

    /** An entry occupies space even if it is empty. */
    static final int MIN_ENTRY_BYTES = 512;

    /** So that the path of every directory is short enough to change its permissions. */
    private static final int MAX_DELETED_DEPTH = 12;

    private final BooleanSupplier isOverdue;

    /** The number of entries of the root that were created to flatten the tree. */
    private int moved;

    private DirectoryTree(BooleanSupplier isOverdue) {
        this.isOverdue = isOverdue;
    }

    /** What is known of the size of a tree. */
    sealed interface Size {
        /** The total size of the files is within the limit. */
        record Within() implements Size {}

        /** The total size of the files exceeds the limit. */
        record Exceeded() implements Size {}

        /**
         * The size cannot be determined.
         *
         * @param reason why, such as "a directory cannot be read"
         */
        record Unknown(String reason) implements Size {}
    }

    /** Compares the total size of the files in a directory with a limit. */
    static Size measure(Path directory, long maxBytes, Duration atMost) {
        DirectoryTree tree = new DirectoryTree(deadline(atMost));
        try (DirectoryHandle root = DirectoryHandle.open(directory)) {
            return tree.bytesIn(root, 1, maxBytes) > maxBytes
                    ? new Size.Exceeded()
                    : new Size.Within();
        } catch (NoSuchFileException deleted) {
            return new Size.Within();
        } catch (TimeoutException slow) {
            return new Size.Unknown(
                    "there are too many to count within " + atMost.toSeconds() + " s");
        } catch (TooDeepException tooDeep) {
            return new Size.Unknown(
                    "directories are nested more than " + MAX_MEASURED_DEPTH + " levels deep");
        } catch (IOException unreadable) {
            return new Size.Unknown(
                    "a directory cannot be read, " + unreadable.getClass().getSimpleName());
        }
    }

    /**
     * Deletes a file, or a directory with its content. Does nothing if it does not exist.
     *
     * @throws TimeoutException if {@code isOverdue} answers true; the rest can be deleted later
     * @throws IOException if something cannot be deleted
     */
    static void delete(Path path, BooleanSupplier isOverdue) throws IOException, TimeoutException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
            return;
        }
        DirectoryTree tree = new DirectoryTree(isOverdue);
        for (int before = -1; before != tree.moved; ) {
            before = tree.moved;
            try (DirectoryHandle root = DirectoryHandle.open(path)) {
                tree.deleteContent(root, root, 1);
            } catch (NoSuchFileException deleted) {
                return;
            }
        }
        Files.deleteIfExists(path);
    }

    static BooleanSupplier deadline(Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        return () -> System.nanoTime() - until > 0;
    }

    private long bytesIn(DirectoryHandle directory, int depth, long maxBytes)
            throws IOException, TimeoutException {
        long bytes = 0;
        for (Optional<Path> name = directory.next();
                name.isPresent() && bytes <= maxBytes;
                name = directory.next()) {
            checkDeadline();
            try {
                BasicFileAttributes entry = directory.attributes(name.get());
                bytes += Math.max(entry.isRegularFile() ? entry.size() : 0, MIN_ENTRY_BYTES);
                if (entry.isDirectory()) {
                    bytes += bytesBelow(directory, name.get(), depth, maxBytes - bytes);
                }
            } catch (NoSuchFileException deletedMeanwhile) {
                // The agent creates and deletes files meanwhile.
            }
        }
        return bytes;
    }

    private long bytesBelow(DirectoryHandle directory, Path name, int depth, long maxBytes)
            throws IOException, TimeoutException {
        if (depth == MAX_MEASURED_DEPTH) {
            throw new TooDeepException();
        }
        try (DirectoryHandle child = directory.openDirectory(name)) {
            return bytesIn(child, depth + 1, maxBytes);
        }
    }

    private void deleteContent(DirectoryHandle directory, DirectoryHandle root, int depth)
            throws IOException, TimeoutException {
        for (Optional<Path> name = directory.next(); name.isPresent(); name = directory.next()) {
            checkDeadline();
            try {
                if (!directory.attributes(name.get()).isDirectory()) {
                    directory.deleteFile(name.get());
                } else if (depth == MAX_DELETED_DEPTH) {
                    moveUp(directory, name.get(), root);
                } else {
                    deleteDirectory(directory, name.get(), root, depth);
                }
            } catch (NoSuchFileException deletedMeanwhile) {
                // Another launcher deletes the same tree.
            }
        }
    }

    private void deleteDirectory(
            DirectoryHandle directory, Path name, DirectoryHandle root, int depth)
            throws IOException, TimeoutException {
        int before = moved;
        try (DirectoryHandle child = directory.openDirectory(name)) {
            deleteContent(child, root, depth + 1);
        }
        try {
            directory.deleteDirectory(name);
        } catch (DirectoryNotEmptyException notYet) {
            if (moved == before) {
                throw notYet;
            }
        }
    }

    /** The next pass over the root deletes it. */
    private void moveUp(DirectoryHandle directory, Path name, DirectoryHandle root)
            throws IOException {
        moved++;
        directory.moveDirectory(name, root, Path.of(".errand-" + System.nanoTime() + "-" + moved));
    }

    private void checkDeadline() throws TimeoutException {
        if (isOverdue.getAsBoolean()) {
            throw new TimeoutException("took too long");
        }
    }

    private static final class TooDeepException extends FileSystemException {
        private static final long serialVersionUID = 1L;

        TooDeepException() {
            super("too deep");
        }
    }
}
