package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.LogPage;
import dev.errand.spi.store.LogSize;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredLogEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The logs of runs. */
final class InMemoryRunLog implements RunLog {

    private final Storage storage;

    InMemoryRunLog(Storage storage) {
        this.storage = storage;
    }

    @Override
    public AppendResult append(
            ProjectId project,
            RunId run,
            Optional<SandboxId> writer,
            List<LogEntry> entries,
            Optional<Idempotency> key) {
        synchronized (storage) {
            ProjectData data = storage.getOrCreate(project);
            Instant now = storage.clock.instant();
            Optional<IdempotencyTable.Answer> first = data.answers.find(key, now);
            if (first.isPresent()
                    && (first.get().task().isPresent()
                            || !first.get().hasSameRequest(key.orElseThrow()))) {
                return new KeyConflict();
            }
            if (writer.isPresent() && !isCurrent(data, writer.get())) {
                return new Superseded();
            }
            if (!data.runs.containsKey(run)) {
                return new NotFound();
            }
            LogBuffer log = data.logs.computeIfAbsent(run, id -> new LogBuffer());
            if (first.isPresent()) {
                return log.append(List.of(), now);
            }
            data.answers.put(key, Optional.empty(), now);
            return log.append(entries, now);
        }
    }

    /** Whether the writer belongs to the current attempt of its run. */
    private static boolean isCurrent(ProjectData data, SandboxId writer) {
        return data.findRun(writer.task(), writer.run())
                .filter(found -> found.run().attempt() == writer.attempt())
                .isPresent();
    }

    @Override
    public Optional<Instant> lastAppendedAt(ProjectId project, RunId run) {
        synchronized (storage) {
            return find(project, run).flatMap(log -> log.lastAppendedAt);
        }
    }

    @Override
    public LogSize size(ProjectId project, RunId run) {
        synchronized (storage) {
            return find(project, run).map(LogBuffer::size).orElse(LogSize.EMPTY);
        }
    }

    @Override
    public List<StoredLogEntry> read(
            ProjectId project, RunId run, LogFilter filter, long after, int max) {
        synchronized (storage) {
            return find(project, run).map(log -> log.read(filter, after, max)).orElse(List.of());
        }
    }

    @Override
    public LogPage findPage(ProjectId project, RunId run, LogFilter filter, long offset) {
        synchronized (storage) {
            return find(project, run)
                    .map(log -> log.findPage(filter, offset))
                    .orElse(new LogPage(0, 0, 0));
        }
    }

    private Optional<LogBuffer> find(ProjectId project, RunId run) {
        return storage.find(project).map(data -> data.logs.get(run));
    }
}
