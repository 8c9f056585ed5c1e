package dev.errand.jdbc.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A journal that survives the kill of its process: each line is one unbuffered write to the
 * operating system. Lines are in the order of events. Thread-safe.
 */
final class Journal implements AutoCloseable {

    private final OutputStream file;

    Journal(Path path) {
        try {
            file = Files.newOutputStream(path); // Not buffered.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends a line of fields. */
    synchronized void write(List<String> fields) {
        List<String> clean = fields.stream().map(field -> field.replaceAll("\\s", " ")).toList();
        try {
            file.write((String.join("\t", clean) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the complete lines of a journal. An incomplete last line is ignored. */
    static List<List<String>> read(Path path) {
        try {
            String text = Files.readString(path);
            List<List<String>> lines = new ArrayList<>();
            text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .forEach(line -> lines.add(List.of(line.split("\t", -1))));
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
