package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.run.LogEntry;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.run.StoredLogEntry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The logs: a {@link Journal} for each run. */
final class InMemoryRunLog implements RunLog {

    private final Projects projects;
    private final Clock clock;

    InMemoryRunLog(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    @Override
    public AppendResult append(
            ProjectId project,
            RunId run,
            Optional<SandboxId> writer,
            List<LogEntry> entries,
            Optional<Idempotency> key) {
        ProjectMemory memory = projects.get(project);
        if (writer.isEmpty()) {
            Journal journal = memory.journal(run);
            return append(memory, key, entries, added -> journal.append(added, clock.instant()));
        }
        return append(memory, writer.get(), entries, key);
    }

    private AppendResult append(
            ProjectMemory memory, SandboxId by, List<LogEntry> entries, Optional<Idempotency> key) {
        TaskCell task = memory.find(by.task());
        RunCell run = task == null ? null : task.find(by.run());
        if (run == null) {
            return new Superseded();
        }
        Journal journal = memory.journal(by.run());
        return append(
                memory,
                key,
                entries,
                added -> {
                    // Nobody goes on to another attempt meanwhile: that takes the journal, too.
                    synchronized (journal) {
                        return run.run().dispatch().attempt() == by.attempt()
                                ? journal.append(added, clock.instant())
                                : new Superseded();
                    }
                });
    }

    private AppendResult append(
            ProjectMemory memory,
            Optional<Idempotency> key,
            List<LogEntry> entries,
            Function<List<LogEntry>, AppendResult> journal) {
        if (key.isEmpty()) {
            return journal.apply(entries);
        }
        Replay<AppendResult, Appended> replay =
                new Replay<>(
                        Appended.class,
                        answer ->
                                answer instanceof Appended appended
                                        ? Optional.of(appended)
                                        : Optional.empty(),
                        first -> journal.apply(List.of()),
                        KeyConflict::new);
        return memory.firstAnswers()
                .once(key.get(), replay, clock.instant(), () -> journal.apply(entries));
    }

    @Override
    public Optional<Instant> lastAppendedAt(ProjectId project, RunId run) {
        return projects.find(project)
                .map(memory -> memory.journals().get(run))
                .flatMap(Journal::lastAppendedAt);
    }

    @Override
    public List<StoredLogEntry> read(ProjectId project, RunId run, long after, int max) {
        return projects.find(project)
                .map(memory -> memory.journals().get(run))
                .map(journal -> journal.read(after, max))
                .orElseGet(List::of);
    }
}
