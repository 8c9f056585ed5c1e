package dev.errand.internal.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies of the lists in requests. */
public final class Lists {

    private Lists() {}

    /**
     * Returns an unmodifiable copy. Unlike {@link List#copyOf}, it accepts null, for the list and
     * for items: a request is validated after it was made.
     */
    public static <T> @Nullable List<T> copyOf(@Nullable List<T> list) {
        return list == null ? null : Collections.unmodifiableList(new ArrayList<>(list));
    }
}
