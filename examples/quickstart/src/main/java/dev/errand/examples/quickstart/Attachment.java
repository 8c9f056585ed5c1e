package dev.errand.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that the agent starts with.
 *
 * @param name its name
 * @param content its bytes, at least one
 */
record Attachment(String name, byte[] content) {

    /**
     * A file; where there is none, the prompt as one.
     *
     * @throws IllegalArgumentException if there is no such file, or nothing in it
     */
    static Attachment of(Optional<Path> file, String prompt) throws IOException {
        if (file.isEmpty()) {
            return new Attachment("brief.md", (prompt + "\n").getBytes(StandardCharsets.UTF_8));
        }
        Path path = file.get();
        if (!Files.isRegularFile(path) || Files.size(path) == 0) {
            throw new IllegalArgumentException(path + " is no file with something in it");
        }
        return new Attachment(path.getFileName().toString(), Files.readAllBytes(path));
    }
}
