package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The text of constants in the tables. */
final class Stored {

    private Stored() {}

    /** The text of a constant that has no form on the wire. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Indexes constants by that text. */
    static <E extends Enum<E>> Map<String, E> index(E[] constants) {
        return Arrays.stream(constants)
                .collect(Collectors.toUnmodifiableMap(Stored::of, Function.identity()));
    }

    /** The constant with this text; one that is unknown was written by a newer release. */
    static <E> E constant(String stored, Map<String, E> index) {
        return known(stored, Optional.ofNullable(index.get(stored)));
    }

    /** The constant with this form on the wire. */
    static <E> E wire(String stored, Function<String, Optional<E>> fromWire) {
        return known(stored, fromWire.apply(stored));
    }

    private static <E> E known(String stored, Optional<E> constant) {
        return constant.orElseThrow(
                () ->
                        BackendException.permanent(
                                "JdbcBackend",
                                "the stored value '" + stored + "' is not one of this release",
                                null));
    }
}
