package dev.errand.internal.engine;

import dev.errand.config.LogLimit;
import dev.errand.internal.json.LogEntries;
import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogSize;
import dev.errand.spi.store.RunLog;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to the logs of runs within the {@link LogLimit}: everything that agents, callers and
 * dispatchers log goes through this class. The first entries that are dropped are followed by a
 * notice in the log, under an event id, so that no repetition adds another one. Thread-safe.
 *
 * <p>The size of a log is known from the results of earlier appends. It is measured only if another
 * process may have appended much, so that an append costs one statement.
 */
public final class RunLogWriter {

    private static final Logger LOG = LoggerFactory.getLogger(RunLogWriter.class);
    private static final int MAX_KNOWN = 10_000;
    private static final int MAX_FOREIGN_ENTRIES = 1_000;

    private final Backend backend;
    private final LogLimit limit;
    private final Clock clock;
    private final Consumer<RunId> onAppend;
    private final Consumer<RunEvent> events;

    /** The logs that were used last; guarded by itself. */
    private final Map<RunId, KnownLog> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<RunId, KnownLog> eldest) {
                    return size() > MAX_KNOWN;
                }
            };

    /**
     * Creates a writer for all runs of an engine.
     *
     * @param onAppend called after entries were appended to the log of a run
     * @param events called for entries that report a permission request or its resolution
     */
    public RunLogWriter(
            Backend backend,
            LogLimit limit,
            Clock clock,
            Consumer<RunId> onAppend,
            Consumer<RunEvent> events) {
        this.backend = backend;
        this.limit = limit;
        this.clock = clock;
        this.onAppend = onAppend;
        this.events = events;
    }

    /** What is known of a log. Guarded by its own monitor. */
    private static final class KnownLog {
        private Optional<LogSize> size = Optional.empty();
        private LogSize inProgress = LogSize.EMPTY;
        private long foreignEntries;
        private boolean mustMeasure;
        private boolean isFull;
        private boolean hasNotice;
        private Optional<Instant> droppedAt = Optional.empty();

        /** Reserves room for the first entries and returns how many fit. */
        synchronized int reserve(List<LogEntry> entries, LogLimit limit) {
            int fitting = isFull ? 0 : fitting(entries, limit);
            inProgress = sum(inProgress, sizeOf(entries.subList(0, fitting)));
            return fitting;
        }

        private int fitting(List<LogEntry> entries, LogLimit limit) {
            if (size.isEmpty()) {
                return entries.size();
            }
            LogSize total = sum(size.get(), inProgress);
            for (int i = 0; i < entries.size(); i++) {
                total = sum(total, sizeOf(List.of(entries.get(i))));
                if (!limit.permits(total)) {
                    return i;
                }
            }
            return entries.size();
        }

        /** Nothing is stored from now on, even if it would fit. */
        synchronized void dropped(Instant now) {
            isFull = true;
            droppedAt = Optional.of(now);
        }

        synchronized boolean isFull() {
            return isFull;
        }

        synchronized void release(LogSize reserved) {
            inProgress =
                    new LogSize(
                            inProgress.entries() - reserved.entries(),
                            inProgress.bytes() - reserved.bytes());
        }

        synchronized void appended(RunLog.Appended appended, LogSize added) {
            boolean isNew = size.isEmpty() && appended.lastPosition() == appended.stored();
            LogSize before = isNew ? LogSize.EMPTY : size.orElse(LogSize.EMPTY);
            foreignEntries += appended.lastPosition() - before.entries() - appended.stored();
            mustMeasure |= !isNew && (size.isEmpty() || foreignEntries > MAX_FOREIGN_ENTRIES);
            long bytes = appended.stored() == 0 ? 0 : added.bytes();
            size =
                    Optional.of(
                            new LogSize(
                                    Math.max(before.entries(), appended.lastPosition()),
                                    before.bytes() + bytes));
        }

        /** Returns whether other processes may have appended much. */
        synchronized boolean mustMeasure() {
            return mustMeasure;
        }

        synchronized void measured(LogSize measured) {
            size = Optional.of(measured);
            mustMeasure = false;
            foreignEntries = 0;
        }

        synchronized boolean mustNotify() {
            return droppedAt.isPresent() && !hasNotice;
        }

        synchronized void notified() {
            hasNotice = true;
        }

        synchronized Optional<Instant> droppedAt() {
            return droppedAt;
        }
    }

    /**
     * Appends the entries that are within the limit, as {@link RunLog#append} does, and drops the
     * others.
     */
    public RunLog.AppendResult append(
            ProjectId project,
            RunId run,
            Optional<SandboxId> writer,
            List<LogEntry> entries,
            Optional<Idempotency> key) {
        KnownLog log = known(run);
        List<LogEntry> stored = reserve(project, run, log, entries);
        LogSize reserved = sizeOf(stored);
        RunLog.AppendResult result;
        try {
            result = backend.log().append(project, run, writer, stored, key);
            if (result instanceof RunLog.Appended appended) {
                log.appended(appended, reserved);
            }
        } finally {
            log.release(reserved);
        }
        if (result instanceof RunLog.Appended && log.mustNotify()) {
            appendLimitNotice(project, run, log);
        }
        if (result instanceof RunLog.Appended appended && appended.stored() > 0) {
            onAppend.accept(run);
            stored.forEach(entry -> publishPermission(project, run, entry));
        }
        return result;
    }

    private void publishPermission(ProjectId project, RunId run, LogEntry entry) {
        PermissionEntry permission = PermissionEntry.parse(entry.json()).orElse(null);
        if (permission instanceof PermissionEntry.Requested requested) {
            events.accept(new RunEvent.PermissionRequested(project, run, requested.request()));
        } else if (permission instanceof PermissionEntry.Resolved resolved) {
            events.accept(new RunEvent.PermissionResolved(project, run, resolved.requestId()));
        }
    }

    /**
     * Returns whether entries would be dropped, and counts them as dropped: an agent that prints
     * without end must not cost the work of formatting what is not stored.
     */
    public boolean drops(RunId run) {
        KnownLog log;
        synchronized (known) {
            log = known.get(run);
        }
        if (log == null || !log.isFull() || log.mustNotify()) {
            return false;
        }
        log.dropped(clock.instant());
        return true;
    }

    /**
     * Returns the entries that are within the limit; the size is measured before any is dropped.
     */
    private List<LogEntry> reserve(
            ProjectId project, RunId run, KnownLog log, List<LogEntry> entries) {
        if (log.mustMeasure()) {
            log.measured(backend.log().size(project, run));
        }
        int fitting = log.reserve(entries, limit);
        if (fitting < entries.size() && !log.isFull()) {
            log.release(sizeOf(entries.subList(0, fitting)));
            log.measured(backend.log().size(project, run));
            fitting = log.reserve(entries, limit);
        }
        if (fitting < entries.size()) {
            log.dropped(clock.instant());
        }
        return entries.subList(0, fitting);
    }

    /** Appends a notice of the server, which is stored even if the log is full. */
    public void appendNotice(ProjectId project, RunId run, LogNotice notice) {
        List<LogEntry> entry = LogEntries.toStore(List.of(notice.toJson()));
        backend.log().append(project, run, Optional.empty(), entry, Optional.empty());
        onAppend.accept(run);
    }

    /** Returns when this process last dropped entries of a run; empty if it did not. */
    public Optional<Instant> lastDroppedAt(RunId run) {
        synchronized (known) {
            return Optional.ofNullable(known.get(run)).flatMap(KnownLog::droppedAt);
        }
    }

    /**
     * Returns a sentence for the description of a run whose log is full or nearly full, so that
     * entries are dropped.
     */
    public Optional<String> describe(ProjectId project, RunId run) {
        LogSize size = backend.log().size(project, run);
        boolean isFull =
                size.entries() >= limit.maxEntries()
                        || size.bytes() >= limit.maxBytes()
                        || lastDroppedAt(run).isPresent();
        return isFull
                ? Optional.of(
                        "Its log is full: %d entries, %d bytes; further entries are dropped."
                                .formatted(size.entries(), size.bytes()))
                : Optional.empty();
    }

    /** The entries are stored, so a failure is not the caller's; the next append tries again. */
    private void appendLimitNotice(ProjectId project, RunId run, KnownLog log) {
        try {
            appendNotice(project, run, LogNotice.limitReached(clock.instant(), limit));
            log.notified();
        } catch (RuntimeException failure) {
            LOG.warn("could not note that the log of run {} is full", run, failure);
        }
    }

    private KnownLog known(RunId run) {
        synchronized (known) {
            return known.computeIfAbsent(run, id -> new KnownLog());
        }
    }

    private static LogSize sum(LogSize one, LogSize other) {
        return new LogSize(one.entries() + other.entries(), one.bytes() + other.bytes());
    }

    private static LogSize sizeOf(List<LogEntry> entries) {
        long bytes = 0;
        for (LogEntry entry : entries) {
            bytes += entry.json().text().getBytes(StandardCharsets.UTF_8).length;
        }
        return new LogSize(entries.size(), bytes);
    }
}
