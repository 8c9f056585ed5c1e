package dev.errand.internal.watch;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.TaskId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest state of one watched run, and the last entries of its log. They are read once for all
 * subscribers; earlier entries are read for each subscriber that needs them. Thread-safe.
 */
final class RunTail {

    private static final Logger LOG = LoggerFactory.getLogger(RunTail.class);
    private static final int PAGE = 100;
    private static final int MAX_RECENT_CHARACTERS = 64 * 1024;

    /** How often a failed read is repeated before the subscriptions fail. */
    private static final int MAX_FAILURES = 5;

    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    private final Backend backend;
    private final ProjectId project;
    private final TaskId task;
    private final RunId id;
    private final Clock clock;
    private final Duration endGrace;
    private final Executor executor;
    private final SerialTask reading;

    /** Used by the reading thread only. */
    private int failures;

    private volatile boolean isEndPlanned;

    // Guarded by this.
    private final Set<RunSubscription> subscriptions = new LinkedHashSet<>();
    private final Deque<StoredLogEntry> recent = new ArrayDeque<>();
    private long recentCharacters;
    private View view = new View(-1, Optional.empty(), false, Optional.empty());

    /**
     * What was read last.
     *
     * @param position the position of the last entry of the log, or -1 if it was not read yet
     * @param run the run; empty if it does not exist, or was not read yet
     * @param isOver whether the run has ended, and no more entries are awaited
     * @param failure why it cannot be read
     */
    record View(
            long position, Optional<Run> run, boolean isOver, Optional<RuntimeException> failure) {}

    RunTail(
            Backend backend,
            ProjectId project,
            TaskId task,
            RunId id,
            Clock clock,
            Duration endGrace,
            Executor executor) {
        this.backend = backend;
        this.project = project;
        this.task = task;
        this.id = id;
        this.clock = clock;
        this.endGrace = endGrace;
        this.executor = executor;
        this.reading = new SerialTask(executor, this::read);
    }

    synchronized void add(RunSubscription subscription) {
        subscriptions.add(subscription);
    }

    /** Removes a subscription, and returns whether none is left. */
    synchronized boolean isEmptyWithout(RunSubscription subscription) {
        subscriptions.remove(subscription);
        return subscriptions.isEmpty();
    }

    synchronized List<RunSubscription> subscriptions() {
        return List.copyOf(subscriptions);
    }

    /** Reads what is new, soon, and passes it to the subscribers. */
    void refresh() {
        reading.trigger();
    }

    synchronized View view() {
        return view;
    }

    /**
     * Returns at most {@code max} entries after a position, from memory if they are recent, else
     * from the storage.
     */
    List<StoredLogEntry> entriesAfter(long position, int max) {
        List<StoredLogEntry> known = recentAfter(position, max);
        return known.isEmpty()
                ? backend.log().read(project, id, LogFilter.ALL, position, max)
                : known;
    }

    private synchronized List<StoredLogEntry> recentAfter(long position, int max) {
        List<StoredLogEntry> found = new ArrayList<>();
        if (!recent.isEmpty() && recent.element().position() <= position + 1) {
            for (StoredLogEntry entry : recent) {
                if (entry.position() > position && found.size() < max) {
                    found.add(entry);
                }
            }
        }
        return found;
    }

    /**
     * Reads the run before its log: a subscriber that receives a state has received the entries
     * that were stored before it.
     */
    private void read() {
        List<RunSubscription> served = subscriptions();
        if (served.isEmpty()) {
            return;
        }
        try {
            Optional<Run> run = backend.runs().find(project, task, id).map(StoredRun::run);
            boolean isOver = run.flatMap(this::timeToEnd).filter(Duration::isZero).isPresent();
            readLog();
            publish(new View(view().position(), run, isOver, Optional.empty()));
            failures = 0;
            run.flatMap(this::timeToEnd).filter(left -> !isOver).ifPresent(this::planEnd);
        } catch (RuntimeException failure) {
            if (++failures <= MAX_FAILURES) {
                LOG.debug("cannot read the watched run {}", id, failure);
                later(RETRY_PAUSE, this::refresh);
                return;
            }
            View last = view();
            publish(new View(last.position(), last.run(), false, Optional.of(failure)));
        }
        served.forEach(RunSubscription::refreshed);
    }

    private synchronized void publish(View read) {
        view = read;
    }

    private void readLog() {
        long position = view().position();
        if (position < 0) {
            advance(List.of(), backend.log().findPage(project, id, LogFilter.ALL, 0).total());
            return;
        }
        List<StoredLogEntry> page;
        do {
            page = backend.log().read(project, id, LogFilter.ALL, position, PAGE);
            position = page.isEmpty() ? position : page.get(page.size() - 1).position();
            advance(page, position);
        } while (page.size() == PAGE);
    }

    private synchronized void advance(List<StoredLogEntry> read, long position) {
        for (StoredLogEntry entry : read) {
            recent.add(entry);
            recentCharacters += entry.json().text().length();
        }
        while (recent.size() > PAGE || recentCharacters > MAX_RECENT_CHARACTERS) {
            recentCharacters -= recent.remove().json().text().length();
        }
        view = new View(position, view.run(), view.isOver(), view.failure());
    }

    /** Releases the recent entries if every subscriber has received them. */
    synchronized void trim() {
        if (subscriptions.stream().allMatch(each -> each.position() == view.position())) {
            recent.clear();
            recentCharacters = 0;
        }
    }

    /** Returns the time until no more entries are awaited; empty if the run has not ended. */
    private Optional<Duration> timeToEnd(Run run) {
        return run.completedAt()
                .filter(end -> run.status().isTerminal())
                .map(end -> Duration.between(clock.instant(), end.plus(endGrace)))
                .map(left -> left.isNegative() ? Duration.ZERO : left);
    }

    private void planEnd(Duration left) {
        if (!isEndPlanned) {
            isEndPlanned = true;
            later(
                    left,
                    () -> {
                        isEndPlanned = false;
                        refresh();
                    });
        }
    }

    private void later(Duration pause, Runnable action) {
        CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS, executor)
                .execute(action);
    }
}
