package dev.errand.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Random histories, each made by its seed alone, and the shortest one that still fails. */
final class RandomHistories {

    private static final int MAX_LENGTH = 150;
    private static final int MAX_NUMBER = 100_000_000;

    private RandomHistories() {}

    /** The history of a seed: numbers, each of which is one operation and all about it. */
    static List<Integer> of(long seed) {
        Random random = new Random(seed);
        int length = 1 + random.nextInt(MAX_LENGTH);
        return IntStream.range(0, length).mapToObj(i -> random.nextInt(MAX_NUMBER)).toList();
    }

    /**
     * A history without anything that it can fail without: pieces are left out, first large ones,
     * then single steps, as long as what is left still fails.
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
