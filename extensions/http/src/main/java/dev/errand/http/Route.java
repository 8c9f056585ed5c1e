package dev.errand.http;

import dev.errand.access.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path of the API with its methods.
 *
 * @param pattern the path
 * @param methods the operation of each method
 */
record Route(PathPattern pattern, Map<String, Method> methods) {

    private static final String GET = "GET";
    private static final String HEAD = "HEAD";

    /**
     * An HTTP method of a path.
     *
     * @param scope the scope that the caller needs (docs/wire/authentication.md#c1)
     * @param body the body that the operation reads
     * @param operation the operation
     */
    record Method(Scope scope, BodyKind body, Operation operation) {}

    /** Copies the map, keeping its order. */
    Route {
        methods = Collections.unmodifiableMap(new LinkedHashMap<>(methods));
    }

    /** Returns the method with this name; HEAD is served as GET. */
    Optional<Method> method(String name) {
        return Optional.ofNullable(methods.get(name.equals(HEAD) ? GET : name));
    }

    /** Returns the value of the {@code Allow} header. */
    String allowed() {
        List<String> names = new ArrayList<>(methods.keySet());
        if (names.contains(GET)) {
            names.add(names.indexOf(GET) + 1, HEAD);
        }
        return String.join(", ", names);
    }
}
