package dev.errand.memory;

import dev.errand.spi.Idempotency;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The first answers of one project to requests with a key (contract J29), each kept for exactly
 * {@link Idempotency#KEPT_FOR}. The effect happens while the map holds the key, so of two requests
 * with one key the second waits for the first and then repeats its answer.
 */
final class FirstAnswers {

    /** How many old answers a call forgets at most; more than it adds. */
    private static final int FORGOTTEN_PER_CALL = 4;

    private record Key(String caller, String operation, String key) {}

    /** A first answer; equality is identity, for the answers themselves may be large. */
    private static final class First {
        private final Key key;
        private final String requestHash;
        private final Object answer;
        private final Instant keptUntil;

        First(Key key, String requestHash, Object answer, Instant now) {
            this.key = key;
            this.requestHash = requestHash;
            this.answer = answer;
            this.keptUntil = now.plus(Idempotency.KEPT_FOR);
        }
    }

    private final ConcurrentHashMap<Key, First> byKey = new ConcurrentHashMap<>();

    /** In the order they were made, which is that of their end; guarded by its own monitor. */
    private final Deque<First> byAge = new ArrayDeque<>();

    /** Makes the effect happen unless it did before under this key, and answers either way. */
    <A, F> A once(Idempotency request, Replay<A, F> replay, Instant now, Supplier<A> effect) {
        forgetOld(now);
        Key key = keyOf(request);
        AtomicReference<A> answer = new AtomicReference<>();
        byKey.compute(
                key,
                (same, first) -> {
                    if (first != null && now.isBefore(first.keptUntil)) {
                        answer.set(repeat(first, request, replay));
                        return first;
                    }
                    answer.set(effect.get());
                    return replay.effect()
                            .apply(answer.get())
                            .map(kept -> remember(new First(key, request.requestHash(), kept, now)))
                            .orElse(null);
                });
        return answer.get();
    }

    /** The answer to a repetition of a request, if there was a first one. */
    <A, F> Optional<A> find(Idempotency request, Replay<A, F> replay, Instant now) {
        return Optional.ofNullable(byKey.get(keyOf(request)))
                .filter(first -> now.isBefore(first.keptUntil))
                .map(first -> repeat(first, request, replay));
    }

    /** How many answers are in memory. */
    int size() {
        return byKey.size();
    }

    private static Key keyOf(Idempotency request) {
        return new Key(request.caller(), request.operation(), request.key());
    }

    private static <A, F> A repeat(First first, Idempotency request, Replay<A, F> replay) {
        return first.requestHash.equals(request.requestHash())
                        && replay.type().isInstance(first.answer)
                ? replay.repeated().apply(replay.type().cast(first.answer))
                : replay.conflict().get();
    }

    private First remember(First first) {
        synchronized (byAge) {
            byAge.addLast(first);
        }
        return first;
    }

    private void forgetOld(Instant now) {
        for (int i = 0; i < FORGOTTEN_PER_CALL; i++) {
            First oldest;
            synchronized (byAge) {
                oldest = byAge.peekFirst();
                if (oldest == null || now.isBefore(oldest.keptUntil)) {
                    return;
                }
                byAge.removeFirst();
            }
            byKey.remove(oldest.key, oldest);
        }
    }
}
