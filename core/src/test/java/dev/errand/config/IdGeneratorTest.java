package dev.errand.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdGeneratorTest {

    private static final Instant NOW = Instant.parse("2026-05-07T09:30:00.123Z");

    private final IdGenerator ids = IdGenerator.of(new Random(7));

    @Test
    void idsOfTasksAndRunsAreOfVersion7() {
        List<UUID> made = Stream.generate(() -> ids.next(NOW)).limit(1_000).toList();
        assertThat(made).allMatch(id -> id.version() == 7 && id.variant() == 2);
    }

    @Test
    void anIdStartsWithTheGivenMillisecond() {
        assertThat(ids.next(NOW).getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void aLaterIdIsGreater() {
        List<RunId> made = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            made.add(RunId.of(ids.next(NOW.plusMillis(i))));
        }
        assertThat(made).isSorted();
        assertThat(made.stream().map(RunId::toString).toList()).isSorted();
    }

    @Test
    void idsOfOneMillisecondDiffer() {
        assertThat(Stream.generate(() -> ids.next(NOW)).limit(10_000).toList())
                .doesNotHaveDuplicates();
    }

    @Test
    void idsAreUniqueEvenIfTheClockGoesBack() {
        List<UUID> made = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            made.add(ids.next(i % 2 == 0 ? NOW : NOW.minusMillis(5)));
        }
        assertThat(made).doesNotHaveDuplicates();
    }

    @Test
    void theRandomPartIsNotSequential() {
        List<Long> rest =
                Stream.generate(() -> ids.next(NOW))
                        .limit(100)
                        .map(UUID::getLeastSignificantBits)
                        .toList();
        for (int i = 1; i < rest.size(); i++) {
            assertThat(Math.abs(rest.get(i) - rest.get(i - 1))).isGreaterThan(1_000_000L);
        }
    }

    @Test
    void randomIdsAreOfVersion4() {
        List<UUID> made = Stream.generate(ids::nextRandom).limit(1_000).toList();
        assertThat(made)
                .allMatch(id -> id.version() == 4 && id.variant() == 2)
                .doesNotHaveDuplicates();
    }

    @Test
    void theSameSeedGivesTheSameIds() {
        IdGenerator again = IdGenerator.of(new Random(7));
        for (int i = 0; i < 100; i++) {
            assertThat(again.next(NOW)).isEqualTo(ids.next(NOW));
            assertThat(again.nextRandom()).isEqualTo(ids.nextRandom());
        }
    }
}
