package dev.errand.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generators for sequences of operations with valid requests. */
public final class Operations {

    private static final int TARGETS = 12;

    private Operations() {}

    /**
     * Returns sequences of at most {@code maxLength} operations that start with creating a task.
     */
    public static Arbitrary<List<Operation>> histories(int maxLength) {
        return Combinators.combine(
                        operations(Operation.Kind.CREATE_TASK),
                        any().list().ofMaxSize(maxLength - 1))
                .as((first, rest) -> Stream.concat(Stream.of(first), rest.stream()).toList());
    }

    /** Returns single operations of any kind. */
    public static Arbitrary<Operation> any() {
        return Arbitraries.oneOf(
                Arrays.stream(Operation.Kind.values()).map(Operations::operations).toList());
    }

    private static Arbitrary<Operation> operations(Operation.Kind kind) {
        Arbitrary<Integer> targets = Arbitraries.integers().between(0, TARGETS - 1);
        return kind.request()
                .map(
                        request ->
                                Combinators.combine(targets, requests(request))
                                        .as(
                                                (target, asked) ->
                                                        new Operation(
                                                                kind, target, Optional.of(asked))))
                .orElseGet(
                        () -> targets.map(target -> new Operation(kind, target, Optional.empty())));
    }

    private static Arbitrary<Record> requests(Class<? extends Record> request) {
        return Requests.valid(request).map(valid -> valid);
    }
}
