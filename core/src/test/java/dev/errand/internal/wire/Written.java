package dev.errand.internal.wire;

import dev.errand.internal.json.Json;
import dev.errand.request.Patch;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Requests in their canonical form: as JSON text, with opaque JSON as it came. */
final class Written {

    private Written() {}

    static String of(Record request) {
        Requests type =
                Arrays.stream(Requests.values())
                        .filter(one -> one.type() == request.getClass())
                        .findFirst()
                        .orElseThrow();
        List<String> members = new ArrayList<>();
        for (String name : type.members()) {
            value(valueOf(request, type.component(name)))
                    .ifPresent(text -> members.add("\"" + name + "\":" + text));
        }
        return "{" + String.join(",", members) + "}";
    }

    private static Object valueOf(Record request, RecordComponent component) {
        try {
            return component.getAccessor().invoke(request);
        } catch (ReflectiveOperationException noMember) {
            throw new AssertionError(noMember);
        }
    }

    /** Nothing of a member that was left out. */
    private static Optional<String> value(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.flatMap(Written::value);
        }
        if (value instanceof Patch<?> patch) {
            return patch.isPresent()
                    ? Optional.of(patch.value().flatMap(Written::value).orElse("null"))
                    : Optional.empty();
        }
        if (value instanceof List<?> list) {
            return Optional.of(
                    list.stream()
                            .map(item -> value(item).orElseThrow())
                            .collect(Collectors.joining(",", "[", "]")));
        }
        if (value instanceof JsonText json) {
            return Optional.of(json.text());
        }
        if (value instanceof Record item) {
            return Optional.of(of(item));
        }
        if (value instanceof Number || value instanceof Boolean) {
            return Optional.of(value.toString());
        }
        String text = value instanceof WireValue constant ? constant.wire() : value.toString();
        return Optional.of(Json.quote(text).text());
    }
}
