package dev.errand.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Generates random histories from a seed and reduces failing ones. */
final class RandomHistories {

    private static final int MAX_LENGTH = 150;
    private static final int MAX_NUMBER = 100_000_000;

    private RandomHistories() {}

    /** Returns the history of a seed. Each number determines one operation and its arguments. */
    static List<Integer> of(long seed) {
        Random random = new Random(seed);
        int length = 1 + random.nextInt(MAX_LENGTH);
        return IntStream.range(0, length).mapToObj(i -> random.nextInt(MAX_NUMBER)).toList();
    }

    /**
     * Reduces a failing history: removes parts, first large ones and then single steps, as long as
     * the rest still fails.
     */
    static List<Integer> shortest(List<Integer> failing, Predicate<List<Integer>> fails) {
        List<Integer> shortest = failing;
        for (int piece = Math.max(1, failing.size() / 2); piece >= 1; piece /= 2) {
            for (int from = 0; from < shortest.size(); ) {
                List<Integer> rest = without(shortest, from, piece);
                if (fails.test(rest)) {
                    shortest = rest;
                } else {
                    from += piece;
                }
            }
        }
        return shortest;
    }

    private static List<Integer> without(List<Integer> history, int from, int piece) {
        List<Integer> rest = new ArrayList<>(history.subList(0, from));
        rest.addAll(history.subList(Math.min(from + piece, history.size()), history.size()));
        return rest;
    }
}
