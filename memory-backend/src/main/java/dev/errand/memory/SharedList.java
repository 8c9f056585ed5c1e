package dev.errand.memory;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An {@link OrderedList} that threads share: each method is one short section under its lock.
 *
 * @param <P> what stands in it, at its place; no two have equal places
 */
final class SharedList<P extends Place> {

    private final ShortLock lock = new ShortLock();
    private final OrderedList<P> values = new OrderedList<>();

    /** Inserts a value, unless its place is taken. */
    void add(P value) {
        lock.lock();
        try {
            values.add(value);
        } finally {
            lock.unlock();
        }
    }

    /** Removes what stands at a place, if anything does. */
    void remove(Place place) {
        lock.lock();
        try {
            values.remove(place);
        } finally {
            lock.unlock();
        }
    }

    /** Changes the list and what goes with it at one moment. */
    void change(Consumer<OrderedList<P>> step) {
        lock.lock();
        try {
            step.accept(values);
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody else look at it, for whoever changes several lists at one moment. */
    void lock() {
        lock.lock();
    }

    /** Lets others look again. */
    void unlock() {
        lock.unlock();
    }

    /** What is seen of the list at one moment. */
    <T> T read(Function<OrderedList<P>, T> look) {
        lock.lock();
        try {
            return look.apply(values);
        } finally {
            lock.unlock();
        }
    }

    /** How many there are. */
    long size() {
        return read(OrderedList::size);
    }

    /** At most {@code limit} values from the end backwards. */
    List<P> latest(int limit) {
        return read(list -> list.latest(0, limit));
    }

    /** At most {@code limit} values below a place, backwards. */
    List<P> before(Place place, int limit) {
        return read(list -> list.before(place, limit));
    }
}
