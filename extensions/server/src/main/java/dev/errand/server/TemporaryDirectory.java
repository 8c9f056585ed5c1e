package dev.errand.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary work directory that only this process uses. Its launcher deletes it with its content.
 *
 * @param path the path of the directory
 */
record TemporaryDirectory(Path path) implements AutoCloseable {

    static TemporaryDirectory create() {
        try {
            return new TemporaryDirectory(Files.createTempDirectory("errand-sandboxes-"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Deletes the directory if the launcher left nothing in it. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
