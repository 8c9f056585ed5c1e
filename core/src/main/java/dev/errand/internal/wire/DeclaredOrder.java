package dev.errand.internal.wire;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The order of values in a request: members in the order of the record's components, items by their
 * index, a list before its items. Values are named as in docs/wire/errors.md#c4, {@code
 * artifacts__0__size}.
 */
final class DeclaredOrder implements Comparator<String> {

    private final Class<?> request;

    DeclaredOrder(Class<?> request) {
        this.request = request;
    }

    @Override
    public int compare(String first, String second) {
        return Arrays.compare(positions(first), positions(second));
    }

    private int[] positions(String attr) {
        String[] steps = attr.split("__");
        int[] positions = new int[steps.length];
        Type type = request;
        for (int i = 0; i < steps.length && !attr.isEmpty(); i++) {
            if (Character.isDigit(steps[i].charAt(0))) {
                positions[i] = Integer.parseInt(steps[i]);
            } else {
                RecordComponent[] components = ((Class<?>) type).getRecordComponents();
                positions[i] = indexOf(steps[i], components);
                type = content(components[positions[i]].getGenericType());
            }
        }
        return positions;
    }

    private static int indexOf(String member, RecordComponent[] components) {
        for (int i = 0; i < components.length; i++) {
            if (Violations.wireName(components[i].getName()).equals(member)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no member " + member);
    }

    /** Returns what a list or an optional member contains, at the deepest level. */
    private static Type content(Type type) {
        return type instanceof ParameterizedType container
                ? content(container.getActualTypeArguments()[0])
                : type;
    }
}
