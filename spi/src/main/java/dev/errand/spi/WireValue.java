package dev.errand.spi;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A constant that has one exact, case-sensitive form on the wire (contract B).
 *
 * <p>Every implementing enum has a total {@code fromWire(String)}: it answers with an empty
 * optional where the text is none of its values, and never throws for a non-null text.
 */
public interface WireValue {

    /** The exact text of this constant in JSON, query strings and storage. */
    String wire();

    /**
     * Indexes constants by their wire value, for an enum's own {@code fromWire}.
     *
     * @throws IllegalStateException if two constants share a wire value
     */
    static <E extends WireValue> Map<String, E> index(E[] constants) {
        return Arrays.stream(constants)
                .collect(Collectors.toUnmodifiableMap(WireValue::wire, Function.identity()));
    }
}
