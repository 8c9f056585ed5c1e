package dev.errand.internal.engine;

import dev.errand.error.ConflictException;
import dev.errand.error.RequestException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Load, decide, advance if the version still holds, else again: bounded, with jitter, and without a
 * lock.
 */
public final class OptimisticRetry {

    private static final int MAX = 200;
    private static final int WITHOUT_PAUSE = 4;
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private OptimisticRetry() {}

    /**
     * Tries until there is an answer.
     *
     * @param attempt loads, decides and advances; empty where another change came first
     * @throws RequestException a conflict, if another change came first every time
     */
    public static <T> T untilAdvanced(Random random, Supplier<Optional<T>> attempt) {
        for (int i = 0; i < MAX; i++) {
            Optional<T> answer = attempt.get();
            if (answer.isPresent()) {
                return answer.get();
            }
            if (i >= WITHOUT_PAUSE) {
                LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_PAUSE_NANOS));
            }
        }
        throw new ConflictException();
    }
}
