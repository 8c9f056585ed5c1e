package dev.errand.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A sorted list that is made for time: almost everything is inserted at the end, and taken from
 * either end. It is a list of chunks; an insertion elsewhere, or a removal, moves one chunk at
 * most. A concurrent skip list would need no lock, and was five times slower on one thread and
 * three times on two.
 *
 * <p>Not thread-safe: whoever calls holds a lock.
 *
 * @param <P> what stands in it, at its place; no two have equal places
 */
final class OrderedList<P extends Place> {

    private static final int MAX_CHUNK = 256;

    /** Ascending, none empty but the only one. */
    private final List<List<P>> chunks = new ArrayList<>();

    private long size;

    OrderedList() {
        chunks.add(new ArrayList<>());
    }

    /** How many there are. */
    long size() {
        return size;
    }

    /** Inserts a value, unless its place is taken. */
    void add(P value) {
        int chunkIndex = chunkOf(value);
        List<P> chunk = chunks.get(chunkIndex);
        int index = insertionPoint(chunk, value);
        if (index < 0) {
            return;
        }
        size++;
        if (chunk.size() < MAX_CHUNK) {
            chunk.add(index, value);
            return;
        }
        boolean atTheEnd = index == MAX_CHUNK && chunkIndex == chunks.size() - 1;
        List<P> upper = chunk.subList(atTheEnd ? MAX_CHUNK : MAX_CHUNK / 2, MAX_CHUNK);
        List<P> next = new ArrayList<>(MAX_CHUNK);
        next.addAll(upper);
        upper.clear();
        chunks.add(chunkIndex + 1, next);
        if (index > chunk.size() || atTheEnd) {
            next.add(index - chunk.size(), value);
        } else {
            chunk.add(index, value);
        }
    }

    /** Removes what stands at a place, if anything does. */
    void remove(Place place) {
        int chunkIndex = chunkOf(place);
        List<P> chunk = chunks.get(chunkIndex);
        int index = Collections.binarySearch(chunk, place);
        if (index >= 0) {
            chunk.remove(index);
            size--;
            mergeWithNext(chunkIndex);
        }
    }

    /** The value at the lowest place, or null if the list is empty. */
    P first() {
        return size == 0 ? null : chunks.get(0).get(0);
    }

    /** Removes the value at the lowest place; the list must not be empty. */
    void removeFirst() {
        List<P> chunk = chunks.get(0);
        chunk.remove(0);
        size--;
        if (chunk.isEmpty() && chunks.size() > 1) {
            chunks.remove(0);
        }
    }

    /** At most {@code limit} values from the end backwards, after leaving out {@code offset}. */
    List<P> latest(long offset, int limit) {
        long toSkip = offset;
        for (int i = chunks.size() - 1; i >= 0; i--) {
            int chunkSize = chunks.get(i).size();
            if (toSkip < chunkSize) {
                return backwards(i, chunkSize - 1 - (int) toSkip, limit);
            }
            toSkip -= chunkSize;
        }
        return List.of();
    }

    /** At most {@code limit} values below a place, backwards. */
    List<P> before(Place place, int limit) {
        int chunkIndex = chunkOf(place);
        int found = Collections.binarySearch(chunks.get(chunkIndex), place);
        return backwards(chunkIndex, (found < 0 ? -found - 1 : found) - 1, limit);
    }

    private List<P> backwards(int chunkIndex, int index, int limit) {
        List<P> values = new ArrayList<>(Math.min(limit, MAX_CHUNK));
        int from = index;
        for (int i = chunkIndex; i >= 0 && values.size() < limit; i--) {
            List<P> chunk = chunks.get(i);
            for (int j = i == chunkIndex ? from : chunk.size() - 1; j >= 0; j--) {
                if (values.size() == limit) {
                    break;
                }
                values.add(chunk.get(j));
            }
        }
        return values;
    }

    /** The last chunk that begins at or below the place; the first if none does. */
    private int chunkOf(Place place) {
        int low = 0;
        int high = chunks.size() - 1;
        int middle = high; // the end first: there most insertions happen
        while (low < high) {
            if (chunks.get(middle).get(0).compareTo(place) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
            middle = (low + high + 1) >>> 1;
        }
        return low;
    }

    /** Where in the chunk the value belongs, or a negative number if its place is taken. */
    private static int insertionPoint(List<? extends Place> chunk, Place value) {
        int last = chunk.size() - 1;
        if (last < 0 || chunk.get(last).compareTo(value) < 0) {
            return last + 1;
        }
        return -Collections.binarySearch(chunk, value) - 1;
    }

    /** Keeps chunks from becoming many and small, where values are removed in the middle. */
    private void mergeWithNext(int chunkIndex) {
        List<P> chunk = chunks.get(chunkIndex);
        if (chunk.isEmpty() && chunks.size() > 1) {
            chunks.remove(chunkIndex);
        } else if (chunkIndex + 1 < chunks.size()
                && chunk.size() + chunks.get(chunkIndex + 1).size() <= MAX_CHUNK / 2) {
            chunk.addAll(chunks.remove(chunkIndex + 1));
        }
    }
}
