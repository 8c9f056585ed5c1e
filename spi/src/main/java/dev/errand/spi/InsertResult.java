package dev.errand.spi;

/**
 * What became of an insert that a client may repeat.
 *
 * @param <T> what the insert answers with
 */
public sealed interface InsertResult<T> {

    /** The effect happened now. */
    record Inserted<T>(T value) implements InsertResult<T> {}

    /** The same request happened before under the same key; nothing changed now. */
    record Replayed<T>(T first) implements InsertResult<T> {}

    /** The key was used before for another request; nothing changed. */
    record KeyConflict<T>() implements InsertResult<T> {}
}
