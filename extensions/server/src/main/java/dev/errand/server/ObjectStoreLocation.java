package dev.errand.server;

import java.nio.file.Path;
import java.util.Objects;

/** Where a server stores the contents of artifacts. */
public sealed interface ObjectStoreLocation {

    /** Returns a location in memory; contents are lost when the server stops. */
    static ObjectStoreLocation inMemory() {
        return new InMemory();
    }

    /** Returns a location in a directory, which only one server may use at a time. */
    static ObjectStoreLocation inDirectory(Path directory) {
        return new InDirectory(directory);
    }

    /**
     * Parses {@code memory:} or {@code file:DIR}.
     *
     * @throws IllegalArgumentException if {@code text} has neither form
     */
    static ObjectStoreLocation parse(String text) {
        if (text.equals(InMemory.TEXT)) {
            return inMemory();
        }
        if (text.startsWith(InDirectory.SCHEME) && text.length() > InDirectory.SCHEME.length()) {
            return inDirectory(Path.of(text.substring(InDirectory.SCHEME.length())));
        }
        throw new IllegalArgumentException("must be memory: or file:DIR, not " + text);
    }

    /** In memory. */
    record InMemory() implements ObjectStoreLocation {
        private static final String TEXT = "memory:";

        @Override
        public String toString() {
            return TEXT;
        }
    }

    /** In a directory. */
    record InDirectory(Path directory) implements ObjectStoreLocation {
        private static final String SCHEME = "file:";

        /** Requires a non-null directory. */
        public InDirectory {
            Objects.requireNonNull(directory, "directory");
        }

        @Override
        public String toString() {
            return SCHEME + directory;
        }
    }
}
