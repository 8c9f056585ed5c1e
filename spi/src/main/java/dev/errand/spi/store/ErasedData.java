package dev.errand.spi.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The numbers of items that were erased.
 *
 * @param tasks number of tasks
 * @param runs number of runs
 * @param logs number of logs
 * @param secrets number of secrets
 * @param uploads number of reservations and staged artifacts
 * @param answers number of stored answers to requests with an idempotency key
 * @param objects number of objects that were deleted, or marked for deletion
 * @param oldest the earliest time at which an item erased because of its age was deleted, ended or
 *     expired; empty if there is none
 */
public record ErasedData(
        long tasks,
        long runs,
        long logs,
        long secrets,
        long uploads,
        long answers,
        long objects,
        Optional<Instant> oldest) {

    /** Nothing was erased. */
    public static final ErasedData NOTHING = new ErasedData(0, 0, 0, 0, 0, 0, 0, Optional.empty());

    /** Rejects null components. */
    public ErasedData {
        Objects.requireNonNull(oldest, "oldest");
    }

    /** Returns the sums, with the earlier of both times. */
    public ErasedData plus(ErasedData other) {
        return new ErasedData(
                tasks + other.tasks,
                runs + other.runs,
                logs + other.logs,
                secrets + other.secrets,
                uploads + other.uploads,
                answers + other.answers,
                objects + other.objects,
                Stream.of(oldest, other.oldest).flatMap(Optional::stream).min(Instant::compareTo));
    }

    /** Returns the number of all erased items. */
    public long total() {
        return tasks + runs + logs + secrets + uploads + answers + objects;
    }
}
