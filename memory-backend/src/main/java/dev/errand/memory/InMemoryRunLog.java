package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.LogEntry;
import dev.errand.spi.run.LogLine;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunLog;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The logs: a {@link Journal} for each run. */
final class InMemoryRunLog implements RunLog {

    private final Projects projects;
    private final Clock clock;

    InMemoryRunLog(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    @Override
    public Append append(
            ProjectId project, RunId run, List<LogEntry> entries, Optional<Idempotency> key) {
        ProjectMemory memory = projects.get(project);
        Journal journal = memory.journals().computeIfAbsent(run, id -> new Journal());
        if (key.isEmpty()) {
            return journal.append(entries);
        }
        Replay<Append, Appended> replay =
                new Replay<>(
                        Appended.class,
                        answer -> Optional.of((Appended) answer),
                        first -> journal.append(List.of()),
                        KeyConflict::new);
        return memory.firstAnswers()
                .once(key.get(), replay, clock.instant(), () -> journal.append(entries));
    }

    @Override
    public List<LogLine> read(ProjectId project, RunId run, long after, int max) {
        return projects.find(project)
                .map(memory -> memory.journals().get(run))
                .map(journal -> journal.read(after, max))
                .orElseGet(List::of);
    }
}
