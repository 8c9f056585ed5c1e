package dev.errand.objects.file;

import dev.errand.spi.BackendException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Tells failures of the disk, which are the store's, from failures of the content that a caller
 * handed in: only the latter are still an {@link IOException} here.
 */
final class Disk {

    private static final String PORT = "ObjectStore";

    private Disk() {}

    /** A step that may fail with the disk. */
    interface Step<T> {
        T run() throws IOException;
    }

    /** A step without an answer. */
    interface Action {
        void run() throws IOException;
    }

    /**
     * Takes a step.
     *
     * @throws BackendException if the disk fails; retryable, since a full or detached disk may come
     *     back
     */
    static <T> T attempt(String what, Step<T> step) {
        try {
            return step.run();
        } catch (IOException failure) {
            throw BackendException.retryable(PORT, "cannot " + what, failure);
        }
    }

    /** As {@link #attempt}, without an answer. */
    static void perform(String what, Action action) {
        attempt(
                what,
                () -> {
                    action.run();
                    return true;
                });
    }

    /** What a file holds is not for this version to read. */
    static BackendException unreadable(Path file, String why) {
        return BackendException.permanent(PORT, file + " " + why, null);
    }

    /**
     * Makes a directory and those above it.
     *
     * <p>Not {@link Files#createDirectories} alone: in Java 17 it refuses a symbolic link to a
     * directory.
     */
    static void makeDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
    }

    /** Makes the names in a directory as durable as the files behind them, where the system can. */
    static void force(Path directory) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(directory, StandardOpenOption.READ);
        } catch (IOException windowsOrPruned) {
            // Windows opens no directory, and needs no force; a directory that is gone has no names
            // to keep.
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }
}
