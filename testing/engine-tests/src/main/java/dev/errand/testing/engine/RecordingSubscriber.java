package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.run.RunUpdate;
import dev.errand.spi.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/** Records what it receives of a watched run. Thread-safe. */
final class RecordingSubscriber implements Flow.Subscriber<RunUpdate> {

    private static final String PREFIX = "{\"message\":\"";
    private static final String SUFFIX = "\"}";

    private final long firstRequest;
    private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
    private final List<String> items = new ArrayList<>();
    private final List<String> entries = new ArrayList<>();
    private Optional<Throwable> failure = Optional.empty();
    private boolean isOver;

    /** Creates a subscriber that first requests the given number of items. */
    RecordingSubscriber(long firstRequest) {
        this.firstRequest = firstRequest;
    }

    /** Returns a log entry with a text. */
    static JsonText entry(String text) {
        return JsonText.of(PREFIX + text + SUFFIX);
    }

    /** Returns the text of a log entry. */
    static String text(JsonText entry) {
        return entry.text().substring(PREFIX.length(), entry.text().length() - SUFFIX.length());
    }

    @Override
    public void onSubscribe(Flow.Subscription received) {
        subscription.set(received);
        if (firstRequest > 0) {
            received.request(firstRequest);
        }
    }

    void request(long count) {
        subscription.get().request(count);
    }

    void cancel() {
        subscription.get().cancel();
    }

    @Override
    public synchronized void onNext(RunUpdate update) {
        if (update instanceof RunUpdate.LogAppended appended) {
            appended.entries().forEach(entry -> entries.add(text(entry.json())));
            appended.entries().forEach(entry -> items.add(text(entry.json())));
        } else if (update instanceof RunUpdate.StateChanged changed) {
            items.add(changed.run().status().wire() + " " + changed.run().version());
        }
    }

    @Override
    public synchronized void onError(Throwable reason) {
        failure = Optional.of(reason);
        isOver = true;
    }

    @Override
    public synchronized void onComplete() {
        isOver = true;
    }

    /** Returns the texts of entries, and states with their versions, in order. */
    synchronized List<String> items() {
        return List.copyOf(items);
    }

    synchronized List<String> entries() {
        return List.copyOf(entries);
    }

    synchronized Optional<Throwable> failure() {
        return failure;
    }

    synchronized boolean isOver() {
        return isOver;
    }

    /** Waits until there are as many items, which must be these. */
    void awaitItems(String... expected) {
        Eventually.until(
                expected.length + " items are received", () -> items().size() >= expected.length);
        assertThat(items()).containsExactly(expected);
    }

    void awaitEnd() {
        Eventually.until("the subscription has ended", this::isOver);
    }
}
