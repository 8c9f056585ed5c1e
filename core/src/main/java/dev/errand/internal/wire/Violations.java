package dev.errand.internal.wire;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.errand.error.Violation;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Merges the problems that binding found with the violations that the validator found: one for each
 * value, in the declared order of the members (docs/wire/errors.md#c3).
 *
 * <ul>
 *   <li>The validator's violations are ignored for a value that could not be bound, or that
 *       contains such a value.
 *   <li>A class-level constraint is reported only if all members of its record are valid.
 * </ul>
 */
final class Violations {

    private static final String SEPARATOR = "__";
    private static final SnakeCaseStrategy NAMES = new SnakeCaseStrategy();

    private Violations() {}

    /** One violation, with its position in the request and its position in the table. */
    private record Found(String attr, int rank, ConstraintViolation<?> violation) {

        static Found of(ConstraintViolation<?> violation) {
            return new Found(
                    Violations.attr(violation.getPropertyPath()),
                    ConstraintTable.rank(
                            violation.getConstraintDescriptor().getAnnotation().annotationType()),
                    violation);
        }

        boolean isClassLevel() {
            return ConstraintTable.row(rank).isClassLevel();
        }

        Violation mapped() {
            return ConstraintTable.row(rank).mapping().violation(attr, violation);
        }
    }

    static List<Violation> merge(
            Class<?> request,
            List<Violation> bindingProblems,
            Collection<? extends ConstraintViolation<?>> violations) {
        Comparator<String> declaredOrder = new DeclaredOrder(request);
        SortedMap<String, Violation> ofMembers = new TreeMap<>(declaredOrder);
        bindingProblems.forEach(problem -> ofMembers.put(problem.attr().orElse(""), problem));
        Set<String> unbound = Set.copyOf(ofMembers.keySet());
        List<Found> found =
                violations.stream()
                        .map(Found::of)
                        .sorted(
                                Comparator.comparingInt(Found::rank)
                                        .thenComparing(Found::attr, declaredOrder))
                        .toList();
        for (Found each : found) {
            if (!each.isClassLevel() && !containsAny(each.attr, unbound)) {
                ofMembers.putIfAbsent(each.attr, each.mapped());
            }
        }
        Set<String> invalid = Set.copyOf(ofMembers.keySet());
        List<Violation> classLevelOfRequest = new ArrayList<>();
        for (Found each : found) {
            if (each.isClassLevel() && !containsAny(parent(each.attr), invalid)) {
                if (parent(each.attr).isEmpty()) {
                    classLevelOfRequest.add(each.mapped());
                } else {
                    ofMembers.putIfAbsent(each.attr, each.mapped());
                }
            }
        }
        List<Violation> all = new ArrayList<>(ofMembers.values());
        all.addAll(classLevelOfRequest);
        return all;
    }

    /** Returns the position in the form of docs/wire/errors.md#c4, {@code artifacts__0__size}. */
    private static String attr(Path path) {
        StringBuilder attr = new StringBuilder();
        for (Path.Node node : path) {
            if (node.isInIterable() && node.getIndex() != null) {
                attr.append(SEPARATOR).append(node.getIndex());
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                attr.append(attr.isEmpty() ? "" : SEPARATOR).append(wireName(node.getName()));
            }
        }
        return attr.toString();
    }

    static String wireName(String component) {
        return NAMES.translate(component);
    }

    private static String parent(String attr) {
        int end = attr.lastIndexOf(SEPARATOR);
        return end < 0 ? "" : attr.substring(0, end);
    }

    /** Whether a value is one of the given, or contains one of them. */
    private static boolean containsAny(String attr, Set<String> attrs) {
        return attr.isEmpty()
                ? !attrs.isEmpty()
                : attrs.stream().anyMatch(it -> it.equals(attr) || it.startsWith(attr + SEPARATOR));
    }
}
