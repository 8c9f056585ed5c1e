package dev.errand.internal.rules;

import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The tokens that a run has used, {@code token_usage} of its state (docs/wire/runs.md#f). */
public final class TokenCounts {

    /** The key in the state. */
    public static final String KEY = "token_usage";

    /** No tokens. */
    public static final JsonText NONE = JsonText.EMPTY_OBJECT;

    private TokenCounts() {}

    /** Returns the tokens in the state of a run. */
    public static JsonText of(JsonText state) {
        return JsonObject.tryParse(state)
                .flatMap(object -> object.member(KEY))
                .filter(JsonText::isObject)
                .orElse(NONE);
    }

    /**
     * Returns the sums of the members of both. A member that is not a non-negative integer counts
     * as 0.
     */
    public static JsonText sum(JsonText one, JsonText other) {
        Map<String, JsonText> sums = new LinkedHashMap<>();
        add(one, sums);
        add(other, sums);
        return JsonObject.of(sums).toJson();
    }

    private static void add(JsonText counts, Map<String, JsonText> sums) {
        JsonObject.tryParse(counts)
                .map(JsonObject::members)
                .orElse(Map.of())
                .forEach(
                        (name, value) ->
                                sums.merge(
                                        name,
                                        JsonText.of(Long.toString(count(value))),
                                        (before, added) ->
                                                JsonText.of(
                                                        Long.toString(
                                                                count(before) + count(added)))));
    }

    private static long count(JsonText value) {
        return Optional.of(value.text())
                .filter(text -> text.matches("[0-9]{1,17}"))
                .map(Long::valueOf)
                .orElse(0L);
    }
}
