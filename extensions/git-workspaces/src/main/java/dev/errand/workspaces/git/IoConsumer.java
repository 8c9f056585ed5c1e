package dev.errand.workspaces.git;

import java.io.IOException;

/**
 * A consumer that uses files.
 *
 * @param <T> what it consumes
 */
@FunctionalInterface
interface IoConsumer<T> {

    /** Consumes a value. */
    void accept(T value) throws IOException;
}
