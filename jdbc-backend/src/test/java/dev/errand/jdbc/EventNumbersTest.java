package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.JsonText;
import dev.errand.spi.store.LogEntry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The ranges of numbered event ids. */
class EventNumbersTest {

    @Test
    void consecutiveNumbersAreOneRange() {
        EventNumbers numbers = of("a-2", "b-7", "a-1", "a-4", "plain").with(of("a-3", "a-9"));

        assertThat(numbers.toTexts()).containsExactly("a 1-4 9-9", "b 7-7");
        assertThat(numbers.toJson()).isEqualTo("{\"a\":\"{[1,4],[9,9]}\",\"b\":\"{[7,7]}\"}");
    }

    @Test
    void rangesAreJoinedIfThereAreTooMany() {
        EventNumbers numbers = of();
        for (int i = 0; i < 11; i++) {
            numbers = numbers.with(of("a-" + 2 * i));
        }

        assertThat(numbers.toTexts()).containsExactly("a 0-20");
        assertThat(numbers.overlaps(of("a-3"))).isTrue();
        assertThat(numbers.overlaps(of("a-21", "b-3"))).isFalse();
    }

    @Test
    void onlyTheFormOfAgentsIsNumbered() {
        assertThat(
                        of("a", "a-", "-1", "a-x", "a 1-1", "a-1234567890123456789", "\u00e9-1")
                                .toTexts())
                .isEmpty();
        assertThat(of("a-123456789012345678", "a-b.c_1-007").toTexts())
                .containsExactly("a 123456789012345678-123456789012345678", "a-b.c_1 7-7");
    }

    /** As few as ten numbers are never joined. */
    @Property(tries = 300)
    void numbersOverlapIfTheyAreEqual(
            @ForAll @Size(max = 10) List<@IntRange(max = 20) Integer> before,
            @ForAll @Size(max = 10) List<@IntRange(max = 20) Integer> after) {
        EventNumbers log = EventNumbers.parse(of().with(named(before)).toTexts());
        Set<Integer> common = new HashSet<>(before);
        common.retainAll(after);

        assertThat(log.overlaps(named(after))).isEqualTo(!common.isEmpty());
        assertThat(named(after).overlaps(log)).isEqualTo(!common.isEmpty());
    }

    private static EventNumbers named(List<Integer> numbers) {
        return of(numbers.stream().map(number -> "a-" + number).toArray(String[]::new));
    }

    private static EventNumbers of(String... ids) {
        return EventNumbers.of(
                LogBatch.of(
                        Stream.of(ids)
                                .map(id -> new LogEntry(JsonText.EMPTY_OBJECT, Optional.of(id)))
                                .toList()));
    }
}
