package dev.errand.objects.file;

import dev.errand.spi.PortException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * File system access that reports failures of the disk as {@link PortException}. An {@link
 * IOException} that leaves this module's code therefore comes from the content that a caller
 * passed.
 */
final class DiskOperations {

    private static final String PORT = "ObjectStore";

    private DiskOperations() {}

    /** An operation with a result. */
    interface Call<T> {
        T run() throws IOException;
    }

    /** An operation without a result. */
    interface Action {
        void run() throws IOException;
    }

    /**
     * Runs an operation and returns its result.
     *
     * @throws PortException if the operation fails; retryable, because a full or detached disk may
     *     recover
     */
    static <T> T call(String description, Call<T> call) {
        try {
            return call.run();
        } catch (IOException failure) {
            throw PortException.retryable(PORT, "cannot " + description, failure);
        }
    }

    /** Runs an operation without a result; otherwise like {@link #call}. */
    static void run(String description, Action action) {
        call(
                description,
                () -> {
                    action.run();
                    return true;
                });
    }

    /** Returns the exception for a file that this version cannot read; not retryable. */
    static PortException invalidFile(Path file, String reason) {
        return PortException.permanent(PORT, file + " " + reason);
    }

    /**
     * Creates a directory and its missing parents.
     *
     * <p>Not {@link Files#createDirectories} alone, which in Java 17 rejects a symbolic link to a
     * directory.
     */
    static void createDirectories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
    }

    /**
     * Makes the entries of a directory, or the attributes of a file, durable, where the operating
     * system supports it.
     */
    static void sync(Path path) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException unsupportedOrDeleted) {
            // Windows cannot open a directory and does not need this; a deleted directory has no
            // entries.
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }
}
