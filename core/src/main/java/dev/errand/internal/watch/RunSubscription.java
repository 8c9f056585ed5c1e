package dev.errand.internal.watch;

import dev.errand.error.NotFoundException;
import dev.errand.run.RunUpdate;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.StoredLogEntry;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscriber of a run, and how far it has read. It holds no entries: they are read when they are
 * requested. Thread-safe.
 */
final class RunSubscription implements Flow.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(RunSubscription.class);
    private static final int FIRST_PAGE = 8;
    private static final int MAX_PAGE = 200;
    private static final int MAX_CHARACTERS = 256 * 1024;

    private final RunTail tail;
    private final Flow.Subscriber<? super RunUpdate> subscriber;
    private final Consumer<RunSubscription> onEnd;
    private final SerialTask delivery;
    private final AtomicLong demand = new AtomicLong();
    private volatile long position;
    private volatile boolean isSubscribed;
    private volatile boolean isStarted;
    private volatile boolean isOver;
    private volatile @Nullable RuntimeException abortedBy;

    // Used by the delivering thread only.
    private boolean isPositioned;
    private int pageSize = FIRST_PAGE;
    private long sentVersion = -1;
    private boolean sentEntriesSinceState;

    /**
     * Creates a subscription.
     *
     * @param after the position after which to start
     * @param onEnd called when it ends, possibly more than once
     */
    RunSubscription(
            RunTail tail,
            Flow.Subscriber<? super RunUpdate> subscriber,
            long after,
            Executor executor,
            Consumer<RunSubscription> onEnd) {
        this.tail = tail;
        this.subscriber = subscriber;
        this.position = after;
        this.onEnd = onEnd;
        this.delivery = new SerialTask(executor, this::deliver);
    }

    /** Returns the position of the last entry that was sent. */
    long position() {
        return position;
    }

    /** Called when the subscriber has received this subscription, and may be called. */
    void subscribed() {
        isSubscribed = true;
        delivery.trigger();
    }

    /** Called when the run was read, after the subscription was added. */
    void refreshed() {
        isStarted = true;
        delivery.trigger();
    }

    /** Ends the subscription with an error, soon. */
    void abort(RuntimeException reason) {
        abortedBy = reason;
        delivery.trigger();
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            abort(new IllegalArgumentException("the request must be positive, not " + count));
            return;
        }
        demand.accumulateAndGet(count, (old, more) -> old + more < 0 ? Long.MAX_VALUE : old + more);
        delivery.trigger();
    }

    @Override
    public void cancel() {
        isOver = true;
        onEnd.accept(this);
    }

    /** Sends at most one item; a further one is sent after other tasks of the executor. */
    private void deliver() {
        RuntimeException aborted = abortedBy;
        if (isOver || !isSubscribed) {
            return;
        }
        if (aborted != null) {
            fail(aborted);
        } else if (isStarted) {
            try {
                deliver(tail.view());
            } catch (RuntimeException failure) {
                fail(failure);
            }
        }
    }

    private void deliver(RunTail.View view) {
        if (!isPositioned) {
            isPositioned = true;
            position = position > view.position() ? 0 : position;
        }
        if (position < view.position()) {
            if (demand.get() > 0) {
                sendEntries(view.position());
            }
        } else if (view.failure().isPresent()) {
            fail(view.failure().get());
        } else if (view.run().isEmpty()) {
            fail(new NotFoundException());
        } else if (mustSendState(view, view.run().get())) {
            if (demand.get() > 0) {
                sentVersion = view.run().get().version();
                sentEntriesSinceState = false;
                send(new RunUpdate.StateChanged(view.run().get()));
            }
        } else if (view.isOver()) {
            end();
            subscriber.onComplete();
        }
    }

    /** The final state is always the last item, even if it was sent before. */
    private boolean mustSendState(RunTail.View view, Run run) {
        return run.version() != sentVersion || view.isOver() && sentEntriesSinceState;
    }

    private void sendEntries(long end) {
        List<StoredLogEntry> page = tail.entriesAfter(position, pageSize);
        if (page.isEmpty()) {
            position = end; // The log was erased.
            delivery.trigger();
            return;
        }
        List<StoredLogEntry> batch = beginOf(page);
        boolean isWhole = batch.size() == page.size();
        pageSize = isWhole ? Math.min(2 * pageSize, MAX_PAGE) : batch.size();
        position = batch.get(batch.size() - 1).position();
        sentEntriesSinceState = true;
        send(new RunUpdate.LogAppended(batch));
    }

    /** Returns the first entries, as many as a batch may have, and at least one. */
    private static List<StoredLogEntry> beginOf(List<StoredLogEntry> page) {
        int characters = 0;
        int count = 0;
        for (StoredLogEntry entry : page) {
            characters += entry.json().text().length();
            if (count > 0 && characters > MAX_CHARACTERS) {
                break;
            }
            count++;
        }
        return page.subList(0, count);
    }

    private void send(RunUpdate update) {
        demand.updateAndGet(old -> old == Long.MAX_VALUE ? old : old - 1);
        try {
            subscriber.onNext(update);
        } catch (RuntimeException failure) {
            cancel();
            LOG.warn("a subscriber of a run failed and is no longer called", failure);
            return;
        }
        delivery.trigger();
    }

    private void fail(RuntimeException reason) {
        end();
        subscriber.onError(reason);
    }

    private void end() {
        isOver = true;
        onEnd.accept(this);
    }
}
