package dev.errand.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** An ordered list gives the answers of a sorted set, whatever its chunks look like. */
final class OrderedListProperties {

    private final OrderedList<Place> list = new OrderedList<>();
    private final TreeSet<Place> model = new TreeSet<>();

    /** Grows well beyond a chunk, from anywhere or mostly at the end, and shrinks to nothing. */
    @Property(tries = 60)
    void itAgreesWithASortedSet(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3_000) int size,
            @ForAll @IntRange(min = 1, max = 4_000) int disorder) {
        Random random = new Random(seed);
        for (int i = 0; i < size; i++) {
            Place place = place(i - random.nextInt(disorder), random.nextInt(3));
            list.add(place);
            model.add(place);
            if (random.nextInt(3) == 0) {
                removeAny(random, size);
            }
        }
        verify(random, size);
        while (!model.isEmpty()) {
            assertThat(list.first()).isSameAs(model.first());
            list.removeFirst();
            model.pollFirst();
            removeAny(random, size);
        }
        assertThat(list.size()).isZero();
        assertThat(list.first()).isNull();
        verify(random, size);
    }

    /** Also what is not there. */
    private void removeAny(Random random, int size) {
        Place place = place(random.nextInt(size), random.nextInt(3));
        Place near = random.nextBoolean() ? place : model.ceiling(place);
        if (near != null) {
            list.remove(near);
            model.remove(near);
        }
    }

    private void verify(Random random, int size) {
        assertThat(list.size()).isEqualTo(model.size());
        assertThat(list.latest(0, size)).isEqualTo(List.copyOf(model.descendingSet()));
        for (int i = 0; i < 20; i++) {
            int limit = 1 + random.nextInt(600);
            int offset = random.nextInt(size + 10);
            assertThat(list.latest(offset, limit))
                    .isEqualTo(model.descendingSet().stream().skip(offset).limit(limit).toList());
            Place place = place(random.nextInt(size) - 2, random.nextInt(3));
            assertThat(list.before(place, limit))
                    .isEqualTo(
                            model.headSet(place, false).descendingSet().stream()
                                    .limit(limit)
                                    .toList());
        }
    }

    private static Place place(int micros, int id) {
        return new Place(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), new UUID(id - 1, -id));
    }
}
