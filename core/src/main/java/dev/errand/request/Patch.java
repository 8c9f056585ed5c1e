package dev.errand.request;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A member of an update request: absent, cleared by an explicit null, or set to a value.
 *
 * @param <T> the member's type
 */
public sealed interface Patch<T> {

    /** The member is absent: the update does not change it. */
    static <T> Patch<T> absent() {
        @SuppressWarnings("unchecked") // Without a value, one instance serves every type.
        Patch<T> shared = (Patch<T>) Absent.INSTANCE;
        return shared;
    }

    /** The member is null: the update clears it. */
    static <T> Patch<T> clear() {
        return new Present<>(Optional.empty());
    }

    /** The member has a value. */
    static <T> Patch<T> set(T value) {
        return new Present<>(Optional.of(value));
    }

    /** Whether the update changes the member. */
    boolean isPresent();

    /** The new value; empty if the member is absent or cleared. */
    Optional<T> value();

    /** Returns the member's value after the update. */
    Optional<T> applyTo(Optional<T> current);

    /** Returns this patch with its value, if it has one, mapped by {@code mapper}. */
    default Patch<T> map(Function<? super T, ? extends T> mapper) {
        return value().isEmpty() ? this : set(mapper.apply(value().get()));
    }

    /** Returns {@link #clear()} if the value equals {@code nullValue}, otherwise this patch. */
    default Patch<T> clearedBy(T nullValue) {
        return value().equals(Optional.of(nullValue)) ? clear() : this;
    }

    /** The member is not in the request. */
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

    /**
     * The member is in the request.
     *
     * @param value the new value; empty to clear the member
     */
    record Present<T>(Optional<T> value) implements Patch<T> {

        /** Requires that the value is not null. */
        public Present {
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
