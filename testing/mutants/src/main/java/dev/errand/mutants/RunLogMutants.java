package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.LogPage;
import dev.errand.spi.store.LogSize;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredLogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Broken run logs. */
final class RunLogMutants {

    private RunLogMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W5, "append", "ignores the idempotency key", Defects.keyIgnored(4)),
            mutant(W5, "append", "does not compare the request", Defects.requestNotCompared(4)),
            mutant(W5, "append", "does not recognise repeated events", RunLogMutants::withoutEventIds),
            mutant(W5, "append", "forgets the event ids at a restart", RunLogMutants::eventsUntilRestart),
            mutant(W1, "append", "stores only the last entry", RunLogMutants::lastOnly),
            mutant(W6, "append", "stores the entries in reverse order", RunLogMutants::backwards),
            mutant(W4, "append", "ignores the attempt", call -> call.proceedWith(2, Optional.empty())),
            mutant(W1, "append", "appends to a run that does not exist", RunLogMutants::anyRun),
            mutant(W1, "append", "compares the attempt before the key", RunLogMutants::attemptFirst),
            mutant(W4, "append", "rejects every sandbox", RunLogMutants::rejectsSandboxes),
            mutant(W4, "lastAppendedAt", "never returns a time", call -> Optional.empty()),
            mutant(W4, "lastAppendedAt", "always returns its first result", Defects.alwaysFirstResult(1)),
            mutant(W6, "lastAppendedAt", "ignores the project", Defects.anyProject()),
            mutant(W3, "size", "does not count the bytes", call -> new LogSize(((LogSize) call.proceed()).entries(), 0)),
            mutant(W3, "size", "ignores the project", Defects.anyProject()),
            mutant(W6, "read", "includes the entry at the given position", RunLogMutants::oneTooEarly),
            mutant(W6, "read", "ignores the limit", call -> call.proceedWith(4, Integer.MAX_VALUE)),
            mutant(W6, "read", "ignores the filter", call -> call.proceedWith(2, LogFilter.ALL)),
            mutant(W6, "read", "renumbers the entries", RunLogMutants::numberedAnew),
            mutant(W6, "read", "ignores the project", Defects.anyProject()),
            mutant(W6, "findPage", "ignores the filter", call -> call.proceedWith(2, LogFilter.ALL)),
            mutant(W6, "findPage", "ignores the offset", call -> call.proceedWith(3, 0L)),
            mutant(W6, "findPage", "counts only the selected entries", RunLogMutants::totalOfSelected),
            mutant(W6, "findPage", "begins one entry late", RunLogMutants::oneTooLate));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, RunLog.class, method, name, defect);
    }

    private static Object anyRun(Call call) {
        Object result = call.proceed();
        return result instanceof RunLog.NotFound ? new RunLog.Appended(1, 1) : result;
    }

    private static Object attemptFirst(Call call) {
        Object result = call.proceed();
        return result instanceof RunLog.KeyConflict
                        && call.<Optional<SandboxId>>argument(2).isPresent()
                        && call.proceedWith(4, Optional.empty()) instanceof RunLog.Superseded
                ? new RunLog.Superseded()
                : result;
    }

    private static Object rejectsSandboxes(Call call) {
        return call.<Optional<SandboxId>>argument(2).isPresent()
                ? new RunLog.Superseded()
                : call.proceed();
    }

    private static Object withoutEventIds(Call call) {
        return call.proceedWith(
                3,
                call.<List<LogEntry>>argument(3).stream()
                        .map(entry -> withEventId(entry, Optional.empty()))
                        .toList());
    }

    private static Object eventsUntilRestart(Call call) {
        return call.proceedWith(
                3,
                call.<List<LogEntry>>argument(3).stream()
                        .map(it -> withEventId(it, it.eventId().map(id -> id + call.restarts())))
                        .toList());
    }

    private static LogEntry withEventId(LogEntry entry, Optional<String> eventId) {
        return new LogEntry(entry.json(), eventId, entry.type(), entry.time());
    }

    private static Object totalOfSelected(Call call) {
        LogPage page = (LogPage) call.proceed();
        return new LogPage(page.matching(), page.matching(), page.after());
    }

    private static Object oneTooLate(Call call) {
        LogPage page = (LogPage) call.proceed();
        return new LogPage(page.total(), page.matching(), page.after() + 1);
    }

    private static Object lastOnly(Call call) {
        List<LogEntry> entries = call.argument(3);
        return call.proceedWith(
                3,
                entries.isEmpty() ? entries : entries.subList(entries.size() - 1, entries.size()));
    }

    private static Object backwards(Call call) {
        return call.proceedWith(3, Defects.reversed(call.<List<LogEntry>>argument(3)));
    }

    private static Object oneTooEarly(Call call) {
        return call.proceedWith(3, Math.max(0, call.<Long>argument(3) - 1));
    }

    private static Object numberedAnew(Call call) {
        List<StoredLogEntry> numbered = new ArrayList<>();
        for (Object line : (List<?>) call.proceed()) {
            numbered.add(new StoredLogEntry(numbered.size() + 1, ((StoredLogEntry) line).json()));
        }
        return numbered;
    }
}
