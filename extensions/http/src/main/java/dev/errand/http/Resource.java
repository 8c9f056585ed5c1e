package dev.errand.http;

import dev.errand.access.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One path of the API with all that can be asked of it.
 *
 * @param pattern the path
 * @param methods what each method does
 */
record Resource(PathPattern pattern, Map<String, Method> methods) {

    private static final String GET = "GET";
    private static final String HEAD = "HEAD";

    /**
     * What a method does.
     *
     * @param scope what the caller's key must allow (contract C1)
     * @param operation does it
     */
    record Method(Scope scope, Operation operation) {}

    /** Keeps the methods in the order given. */
    Resource {
        methods = Collections.unmodifiableMap(new LinkedHashMap<>(methods));
    }

    /** What a method does here; HEAD does what GET does. */
    Optional<Method> method(String name) {
        return Optional.ofNullable(methods.get(name.equals(HEAD) ? GET : name));
    }

    /** The methods that do something here, as the {@code Allow} header lists them. */
    String allowed() {
        List<String> names = new ArrayList<>(methods.keySet());
        if (names.contains(GET)) {
            names.add(names.indexOf(GET) + 1, HEAD);
        }
        return String.join(", ", names);
    }
}
