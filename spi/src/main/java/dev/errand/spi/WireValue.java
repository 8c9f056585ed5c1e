package dev.errand.spi;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A constant with one exact, case-sensitive representation on the wire (docs/wire/enums.md#b).
 *
 * <p>Every implementing enum has a static method {@code fromWire(String)} that returns the constant
 * with that representation, or empty if there is none.
 */
public interface WireValue {

    /** Returns the text of this constant in JSON, query strings and storage. */
    String wire();

    /**
     * Returns the constants by wire value; enums use it to implement {@code fromWire}.
     *
     * @throws IllegalStateException if two constants have the same wire value
     */
    static <E extends WireValue> Map<String, E> index(E[] constants) {
        return Arrays.stream(constants)
                .collect(Collectors.toUnmodifiableMap(WireValue::wire, Function.identity()));
    }
}
