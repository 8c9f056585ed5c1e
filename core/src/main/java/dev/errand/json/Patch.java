package dev.errand.json;

import java.util.Objects;
import java.util.Optional;

/**
 * What an update says of one member: nothing, that it is to be cleared, or its new value.
 *
 * @param <T> the member's type
 */
public sealed interface Patch<T> {

    /** The update leaves the member as it is. */
    static <T> Patch<T> absent() {
        @SuppressWarnings("unchecked") // Without a value, one instance serves every type.
        Patch<T> shared = (Patch<T>) Absent.INSTANCE;
        return shared;
    }

    /** The update clears the member: an explicit null. */
    static <T> Patch<T> clear() {
        return new To<>(Optional.empty());
    }

    /** The update sets the member. */
    static <T> Patch<T> set(T value) {
        return new To<>(Optional.of(value));
    }

    /** Whether the update says anything. */
    boolean isPresent();

    /** The value that is set; empty where nothing is said or the member is cleared. */
    Optional<T> value();

    /** What the member is after the update. */
    Optional<T> applyTo(Optional<T> current);

    /** Nothing is said. */
    record Absent<T>() implements Patch<T> {
        private static final Absent<?> INSTANCE = new Absent<>();

        @Override
        public boolean isPresent() {
            return false;
        }

        @Override
        public Optional<T> value() {
            return Optional.empty();
        }

        @Override
        public Optional<T> applyTo(Optional<T> current) {
            return current;
        }
    }

    /** The member becomes this. */
    record To<T>(Optional<T> value) implements Patch<T> {

        /** Refuses null. */
        public To {
            Objects.requireNonNull(value, "value");
        }

        @Override
        public boolean isPresent() {
            return true;
        }

        @Override
        public Optional<T> applyTo(Optional<T> current) {
            return value;
        }
    }
}
