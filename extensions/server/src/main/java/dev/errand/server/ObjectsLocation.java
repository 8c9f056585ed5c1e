package dev.errand.server;

import java.nio.file.Path;
import java.util.Objects;

/** Where a server keeps the bytes of artifacts. */
public sealed interface ObjectsLocation {

    /** In memory, gone with the server. */
    static ObjectsLocation inMemory() {
        return new InMemory();
    }

    /** In a directory, which outlives the server and belongs to it alone. */
    static ObjectsLocation inDirectory(Path directory) {
        return new InDirectory(directory);
    }

    /**
     * Reads {@code memory:} or {@code file:DIR}.
     *
     * @throws IllegalArgumentException if {@code text} is neither
     */
    static ObjectsLocation parse(String text) {
        if (text.equals(InMemory.TEXT)) {
            return inMemory();
        }
        if (text.startsWith(InDirectory.SCHEME) && text.length() > InDirectory.SCHEME.length()) {
            return inDirectory(Path.of(text.substring(InDirectory.SCHEME.length())));
        }
        throw new IllegalArgumentException("must be memory: or file:DIR, not " + text);
    }

    /** In memory. */
    record InMemory() implements ObjectsLocation {
        private static final String TEXT = "memory:";

        @Override
        public String toString() {
            return TEXT;
        }
    }

    /** In a directory. */
    record InDirectory(Path directory) implements ObjectsLocation {
        private static final String SCHEME = "file:";

        /** Refuses null. */
        public InDirectory {
            Objects.requireNonNull(directory, "directory");
        }

        @Override
        public String toString() {
            return SCHEME + directory;
        }
    }
}
