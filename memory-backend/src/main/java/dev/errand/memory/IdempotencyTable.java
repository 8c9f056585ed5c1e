package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The first answers to requests with a key, each kept for {@link Idempotency#KEPT_FOR}. */
final class IdempotencyTable {

    /**
     * Maximum number of expired answers removed per insertion. It is greater than one, so expired
     * answers do not accumulate.
     */
    private static final int REMOVED_PER_INSERT = 2;

    private record Key(String caller, String operation, String key) {

        static Key of(Idempotency request) {
            return new Key(request.caller(), request.operation(), request.key());
        }
    }

    /**
     * A first answer.
     *
     * @param task the task that was returned; empty for an append to a log, whose answer is not
     *     kept
     */
    record Answer(Idempotency request, Optional<TaskWithLatestRun> task, Instant keptUntil) {

        boolean hasSameRequest(Idempotency repeated) {
            return request.requestHash().equals(repeated.requestHash());
        }
    }

    private final Map<Key, Answer> answers = new HashMap<>();
    private final Deque<Answer> oldestFirst = new ArrayDeque<>();

    /** Finds the answer stored under the key of a request, whatever its request hash is. */
    Optional<Answer> find(Optional<Idempotency> request, Instant now) {
        return request.map(Key::of)
                .map(answers::get)
                .filter(answer -> now.isBefore(answer.keptUntil()));
    }

    /** Stores the answer to a request, if the request has a key. */
    void put(Optional<Idempotency> request, Optional<TaskWithLatestRun> task, Instant now) {
        if (request.isPresent()) {
            eraseExpired(now, REMOVED_PER_INSERT);
            Instant keptUntil = now.plus(Idempotency.KEPT_FOR);
            Answer answer = new Answer(request.get(), task, keptUntil);
            answers.put(Key.of(request.get()), answer);
            oldestFirst.addLast(answer);
        }
    }

    int size() {
        return answers.size();
    }

    /** Removes up to {@code max} expired answers. */
    ErasedData eraseExpired(Instant now, int max) {
        ErasedData erased = ErasedData.NOTHING;
        while (erased.answers() < max
                && !oldestFirst.isEmpty()
                && !now.isBefore(oldestFirst.peekFirst().keptUntil())) {
            Answer oldest = oldestFirst.removeFirst();
            if (answers.remove(Key.of(oldest.request()), oldest)) {
                erased =
                        erased.plus(
                                new ErasedData(
                                        0, 0, 0, 0, 0, 1, 0, Optional.of(oldest.keptUntil())));
            }
        }
        return erased;
    }

    /** Removes the answers that contain a task, and returns their number. */
    int eraseOf(TaskId task) {
        int before = answers.size();
        answers.values()
                .removeIf(
                        answer ->
                                answer.task()
                                        .filter(stored -> stored.task().id().equals(task))
                                        .isPresent());
        return before - answers.size();
    }
}
