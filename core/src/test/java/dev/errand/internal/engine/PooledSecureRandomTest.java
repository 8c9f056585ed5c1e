package dev.errand.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PooledSecureRandomTest {

    /** More than one supply, so that the seam between two is drawn over. */
    private static final int DRAWS = 20_000;

    private final Random random = new PooledSecureRandom();

    @Test
    void aSeedChangesNothing() {
        Random first = new PooledSecureRandom();
        Random second = new PooledSecureRandom();
        first.setSeed(7);
        second.setSeed(7);
        assertThat(first.nextLong()).isNotEqualTo(second.nextLong());
    }

    @Test
    void noNumberComesTwice() {
        Set<Long> drawn = new HashSet<>();
        for (int i = 0; i < DRAWS; i++) {
            drawn.add(random.nextLong());
        }
        assertThat(drawn).hasSize(DRAWS);
    }

    @Test
    void everyBitIsSetHalfOfTheTime() {
        int[] set = new int[Long.SIZE];
        for (int i = 0; i < DRAWS; i++) {
            long drawn = random.nextLong();
            IntStream.range(0, Long.SIZE).forEach(bit -> set[bit] += (int) (drawn >>> bit & 1));
        }
        // Eight standard deviations around the half.
        assertThat(IntStream.of(set)).allMatch(count -> Math.abs(count - DRAWS / 2) < 8 * 71);
    }

    @Test
    void theKindsOfNumbersKeepTheirRanges() {
        for (int i = 0; i < DRAWS; i++) {
            assertThat(random.nextInt(10)).isBetween(0, 9);
            assertThat(random.nextDouble()).isBetween(0.0, 1.0);
        }
        assertThat(IntStream.generate(() -> random.nextInt(10)).limit(1_000).distinct().count())
                .isEqualTo(10);
        assertThat(IntStream.generate(() -> random.nextBoolean() ? 1 : 0).limit(1_000).sum())
                .isBetween(300, 700);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4_095, 4_096, 4_097, 10_000})
    void bytesAreFilledToTheLast(int length) {
        byte[] once = new byte[length];
        byte[] again = new byte[length];
        random.nextBytes(once);
        random.nextBytes(again);
        long zeros = IntStream.range(0, length).filter(i -> once[i] == 0).count();
        assertThat(zeros).isLessThanOrEqualTo(Math.max(1, length / 20));
        if (length > 8) {
            assertThat(once).isNotEqualTo(again);
        }
    }

    @Test
    void threadsShareNoNumber() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<List<Long>> drawing =
                    () -> IntStream.range(0, 5_000).mapToObj(i -> random.nextLong()).toList();
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> drawn :
                    threads.invokeAll(List.of(drawing, drawing, drawing, drawing))) {
                all.addAll(drawn.get());
            }
            assertThat(new HashSet<>(all)).hasSize(20_000);
        } finally {
            threads.shutdown();
        }
    }
}
