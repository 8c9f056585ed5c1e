package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.access.Caller;
import dev.errand.error.NotFoundException;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Watching runs (docs/wire/stream.md#i13). */
public abstract class WatchOperationsContract extends EngineContract {

    /** The number of cuts; {@code -Derrand.stream.cuts=2000} for the long form. */
    private static final int CUTS = Integer.getInteger("errand.stream.cuts", 30);

    /** More than {@link dev.errand.config.WatchOptions#endGrace}. */
    private static final Duration AFTER_THE_GRACE = Duration.ofMinutes(1);

    private TaskId task;
    private RunId run;

    /** For the contracts in this package. */
    WatchOperationsContract() {}

    /** Creates a queued run. */
    @BeforeEach
    public void queueRun() {
        task = engine.task();
        run = engine.queuedRun(task);
    }

    @Test
    void sendsTheLogThenTheStateThenWhatFollows() {
        append("one", "two");
        RecordingSubscriber subscriber = watch(0);
        subscriber.awaitItems("one", "two", "queued 1");

        append("three");
        subscriber.awaitItems("one", "two", "queued 1", "three");
        changeStatus(RunStatus.IN_PROGRESS);
        subscriber.awaitItems("one", "two", "queued 1", "three", "in_progress 2");
        assertThat(subscriber.isOver()).isFalse();
    }

    @Test
    void startsAfterThePositionOrAtTheStartIfTheLogIsShorter() {
        append("one", "two", "three");

        watch(2).awaitItems("three", "queued 1");
        watch(3).awaitItems("queued 1");
        watch(4).awaitItems("one", "two", "three", "queued 1");
    }

    @Test
    void sendsTheLogAndTheFinalStateOfAnEndedRunAndCompletes() {
        append("one");
        changeStatus(RunStatus.IN_PROGRESS);
        changeStatus(RunStatus.COMPLETED);
        append("late");
        engine.clock().advance(AFTER_THE_GRACE);

        RecordingSubscriber subscriber = watch(0);

        subscriber.awaitEnd();
        assertThat(subscriber.items()).containsExactly("one", "late", "completed 3");
        assertThat(subscriber.failure()).isEmpty();
    }

    /** Agents append their last entries after they reported the end. */
    @Test
    void sendsTheFinalStateAgainAfterLateEntries() {
        changeStatus(RunStatus.IN_PROGRESS);
        RecordingSubscriber subscriber = watch(0);
        changeStatus(RunStatus.COMPLETED);
        Eventually.until(
                "the items are received", () -> subscriber.items().contains("completed 3"));
        append("late");
        Eventually.until("the items are received", () -> subscriber.items().contains("late"));
        assertThat(subscriber.isOver()).isFalse();

        engine.clock().advance(AFTER_THE_GRACE);
        append("last");

        subscriber.awaitEnd();
        assertThat(subscriber.items()).endsWith("completed 3", "late", "last", "completed 3");
    }

    @Test
    void readsOnlyWhatIsRequested() {
        append(IntStream.range(0, 500).mapToObj(Integer::toString).toArray(String[]::new));
        RecordingSubscriber slow = new RecordingSubscriber(0);
        engine.rosas().runs().watch(task, run, 0).subscribe(slow);
        RecordingSubscriber fast = watch(0);
        Eventually.until("the items are received", () -> fast.items().size() == 501);
        assertThat(slow.items()).isEmpty();

        slow.request(1);
        Eventually.until("the items are received", () -> !slow.items().isEmpty());
        assertThat(slow.items().size()).isLessThan(500);
        slow.request(1_000);

        Eventually.until("the items are received", () -> slow.items().size() == 501);
        assertThat(slow.items()).isEqualTo(fast.items());
    }

    @Test
    void cancellingEndsTheSubscription() {
        RecordingSubscriber cancelled = watch(0);
        cancelled.awaitItems("queued 1");
        cancelled.cancel();
        RecordingSubscriber other = watch(0);
        other.awaitItems("queued 1");
        append("one");

        other.awaitItems("queued 1", "one");
        cancelled.awaitItems("queued 1");
        assertThat(cancelled.isOver()).isFalse();
    }

    @Test
    void aRequestThatIsNotPositiveEndsTheSubscription() {
        RecordingSubscriber subscriber = watch(0);
        subscriber.request(0);

        subscriber.awaitEnd();
        assertThat(subscriber.failure()).containsInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void failsIfTheTaskIsDeleted() {
        RecordingSubscriber subscriber = watch(0);
        subscriber.awaitItems("queued 1");
        engine.rosas().tasks().delete(task);

        subscriber.awaitEnd();
        assertThat(subscriber.failure()).containsInstanceOf(NotFoundException.class);
    }

    @Test
    void closingTheEngineEndsTheSubscription() {
        RecordingSubscriber subscriber = watch(0);
        engine.closeAndGetListener();

        subscriber.awaitEnd();
        assertThat(subscriber.failure()).containsInstanceOf(CancellationException.class);
    }

    @Test
    void aRunThatTheCallerCannotReadIsNotWatched() {
        assertThatThrownBy(() -> engine.others().runs().watch(task, run, 0))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(
                        () -> engine.as(Caller.user(TestEngine.OMAR)).runs().watch(task, run(9), 0))
                .isInstanceOf(NotFoundException.class);
    }

    /**
     * A reader that is cut anywhere and continues after the last entry it has seen receives each
     * entry once, in order, while two writers append.
     */
    @Test
    void cutReadersReceiveEachEntryOnceAndInOrder() throws InterruptedException {
        Random random = new Random(17);
        int entries = Math.max(200, CUTS);
        Thread writer = new Thread(() -> appendInBatches("a", entries, new Random(1)));
        Thread otherWriter = new Thread(() -> appendInBatches("b", entries, new Random(2)));
        writer.start();
        otherWriter.start();
        List<String> seen = new ArrayList<>();
        long position = 0;
        for (int cut = 0; cut < CUTS; cut++) {
            int wanted = 1 + random.nextInt(2 * entries / CUTS);
            if (seen.size() + wanted > 2 * entries) {
                break;
            }
            RecordingSubscriber part = watch(position);
            Eventually.until("the items are received", () -> part.entries().size() >= wanted);
            part.cancel();
            List<String> received = part.entries().subList(0, wanted);
            seen.addAll(received);
            position += received.size();
        }
        writer.join();
        otherWriter.join();
        int missing = 2 * entries - seen.size();
        if (missing > 0) {
            RecordingSubscriber rest = watch(position);
            Eventually.until("the items are received", () -> rest.entries().size() == missing);
            seen.addAll(rest.entries());
        }

        List<String> log =
                engine.rosas().runs().readLog(task, run, 0, 2 * entries).stream()
                        .map(entry -> RecordingSubscriber.text(entry.json()))
                        .toList();
        assertThat(seen).isEqualTo(log).doesNotHaveDuplicates().hasSize(2 * entries);
    }

    private void appendInBatches(String writer, int count, Random random) {
        int next = 0;
        while (next < count) {
            int size = Math.min(count - next, 1 + random.nextInt(9));
            int first = next;
            append(
                    IntStream.range(0, size)
                            .mapToObj(i -> writer + (first + i))
                            .toArray(String[]::new));
            next += size;
        }
    }

    private RecordingSubscriber watch(long after) {
        RecordingSubscriber subscriber = new RecordingSubscriber(Long.MAX_VALUE);
        engine.rosas().runs().watch(task, run, after).subscribe(subscriber);
        return subscriber;
    }

    private static RunId run(long last) {
        return RunId.of(TestEngine.uuid(last));
    }

    private void append(String... texts) {
        List<JsonText> entries = Stream.of(texts).map(RecordingSubscriber::entry).toList();
        engine.rosas().runs().appendLog(task, run, new AppendLogRequest(entries));
    }

    private void changeStatus(RunStatus status) {
        engine.clock().tick();
        engine.rosas().runs().update(task, run, UpdateRunRequest.builder().status(status).build());
    }
}
