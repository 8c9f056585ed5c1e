package dev.errand.benchmarks.memory;

import java.util.Arrays;

/** An ascending list of the numbers of tasks with a common, immutable property. */
final class PostingList {

    private int[] numbers = new int[16];
    private int size;

    /** Adds a number, which is nearly always the greatest so far. */
    synchronized void add(int number) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        int at = size++;
        while (at > 0 && numbers[at - 1] > number) {
            numbers[at] = numbers[at - 1];
            at--;
        }
        numbers[at] = number;
    }

    /** Returns the last numbers in descending order. */
    synchronized int[] latest(int limit) {
        int[] latest = new int[Math.min(limit, size)];
        for (int i = 0; i < latest.length; i++) {
            latest[i] = numbers[size - 1 - i];
        }
        return latest;
    }
}
