package dev.errand.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that is attached to the run.
 *
 * @param name the file name
 * @param content the content, not empty
 */
record Attachment(String name, byte[] content) {

    /**
     * Reads a file, or creates an attachment from the prompt if no file is given.
     *
     * @throws IllegalArgumentException if the file does not exist or is empty
     */
    static Attachment of(Optional<Path> file, String prompt) throws IOException {
        if (file.isEmpty()) {
            return new Attachment("brief.md", (prompt + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Path path = file.get();
        if (!Files.isRegularFile(path) || Files.size(path) == 0) {
            throw new IllegalArgumentException(
                    path + " is not a file or is empty; use --attach with a file that has content");
        }
        return new Attachment(path.getFileName().toString(), Files.readAllBytes(path));
    }
}
