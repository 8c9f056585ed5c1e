package dev.errand.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A set of JSON values that limits the number of values with the same hash code. A {@link
 * java.util.HashSet} takes quadratic time if all values have the same hash code, and such values
 * are easy to construct.
 */
final class DistinctValues {

    private static final int MAX_WITH_ONE_HASH_CODE = 64;

    private final Map<Integer, List<JsonNode>> byHashCode = new HashMap<>();

    /**
     * Adds a value, and returns whether it is new.
     *
     * @throws SchemaBudget.ExceededException if too many different values have its hash code
     */
    boolean add(JsonNode value) {
        List<JsonNode> others =
                byHashCode.computeIfAbsent(value.hashCode(), code -> new ArrayList<>(1));
        if (others.contains(value)) {
            return false;
        }
        if (others.size() == MAX_WITH_ONE_HASH_CODE) {
            throw new SchemaBudget.ExceededException();
        }
        others.add(value);
        return true;
    }

    /**
     * Returns a small array that is valid under {@code uniqueItems} exactly if the given array is:
     * the first duplicate value twice, or an empty array if there is no duplicate. Returns any
     * other value unchanged.
     */
    static JsonNode excerpt(JsonNode array) {
        if (!array.isArray()) {
            return array;
        }
        DistinctValues values = new DistinctValues();
        for (JsonNode item : array) {
            if (!values.add(item)) {
                return JsonNodeFactory.instance.arrayNode().add(item).add(item);
            }
        }
        return JsonNodeFactory.instance.arrayNode();
    }
}
