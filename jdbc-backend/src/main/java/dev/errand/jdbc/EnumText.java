package dev.errand.jdbc;

import dev.errand.spi.PortException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Converts enum constants to and from their text in the tables. */
final class EnumText {

    private EnumText() {}

    /** Returns the text of a constant that has no wire form. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the constants by that text. */
    static <E extends Enum<E>> Map<String, E> index(E[] constants) {
        return Arrays.stream(constants)
                .collect(Collectors.toUnmodifiableMap(EnumText::of, Function.identity()));
    }

    /**
     * Returns the constant with the given text.
     *
     * @throws PortException if it is unknown, because a newer release wrote it
     */
    static <E> E parse(String stored, Map<String, E> index) {
        return require(stored, Optional.ofNullable(index.get(stored)));
    }

    /**
     * Returns the constant with the given wire form.
     *
     * @throws PortException if it is unknown, because a newer release wrote it
     */
    static <E> E parseWire(String stored, Function<String, Optional<E>> fromWire) {
        return require(stored, fromWire.apply(stored));
    }

    private static <E> E require(String stored, Optional<E> constant) {
        return constant.orElseThrow(
                () ->
                        PortException.permanent(
                                "JdbcBackend",
                                "the stored value '" + stored + "' is unknown to this release"));
    }
}
