package dev.errand.internal.engine;

import dev.errand.error.ConflictException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Repeats an optimistic update (load, decide, store if the version is unchanged) until it succeeds:
 * a bounded number of times, after the first few attempts with a random pause between them.
 */
public final class OptimisticRetry {

    /** The number of attempts before the update fails with a conflict. */
    static final int MAX_ATTEMPTS = 200;

    private static final int ATTEMPTS_WITHOUT_PAUSE = 4;
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private OptimisticRetry() {}

    /**
     * Returns the first result that is present.
     *
     * @param random the source of the jitter
     * @param attempt loads, decides and stores; empty if another update came first
     * @throws ConflictException if every one of {@value #MAX_ATTEMPTS} results was empty
     */
    public static <T> T untilPresent(Random random, Supplier<Optional<T>> attempt) {
        for (int i = 0; i < MAX_ATTEMPTS; i++) {
            Optional<T> result = attempt.get();
            if (result.isPresent()) {
                return result.get();
            }
            if (i >= ATTEMPTS_WITHOUT_PAUSE) {
                LockSupport.parkNanos((long) (random.nextDouble() * MAX_PAUSE_NANOS));
            }
        }
        throw new ConflictException();
    }
}
