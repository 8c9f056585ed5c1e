package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredLogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Broken logs. */
final class RunLogMutants {

    private RunLogMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W5, "append", "forgets the key", Defects.keyForgotten(4)),
            mutant(W5, "append", "does not compare the request", Defects.requestNotCompared(4)),
            mutant(W5, "append", "does not know events again", RunLogMutants::withoutEventIds),
            mutant(W5, "append", "forgets the events of before a restart", RunLogMutants::eventsOfThisStart),
            mutant(W1, "append", "keeps the last entry only", RunLogMutants::lastOnly),
            mutant(W6, "append", "writes from the last to the first", RunLogMutants::backwards),
            mutant(W4, "append", "does not look at the attempt", call -> call.proceedWith(2, Optional.empty())),
            mutant(W4, "append", "refuses every sandbox", RunLogMutants::refusesSandboxes),
            mutant(W4, "lastAppendedAt", "never knows", call -> Optional.empty()),
            mutant(W4, "lastAppendedAt", "tells what it told first", Defects.firstAnswerForEver(1)),
            mutant(W6, "lastAppendedAt", "looks into every project", Defects.anyProject()),
            mutant(W6, "read", "begins with the position itself", RunLogMutants::oneTooEarly),
            mutant(W6, "read", "does not count", call -> call.proceedWith(3, Integer.MAX_VALUE)),
            mutant(W6, "read", "numbers what it reads", RunLogMutants::numberedAnew),
            mutant(W6, "read", "looks into every project", Defects.anyProject()));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(failureMode, RunLog.class, method, name, defect);
    }

    private static Object refusesSandboxes(Call call) {
        return call.<Optional<SandboxId>>given(2).isPresent()
                ? new RunLog.Superseded()
                : call.proceed();
    }

    private static Object withoutEventIds(Call call) {
        return call.proceedWith(
                3,
                call.<List<LogEntry>>given(3).stream()
                        .map(entry -> new LogEntry(entry.json(), Optional.empty()))
                        .toList());
    }

    private static Object eventsOfThisStart(Call call) {
        return call.proceedWith(
                3,
                call.<List<LogEntry>>given(3).stream()
                        .map(
                                it ->
                                        new LogEntry(
                                                it.json(),
                                                it.eventId().map(id -> id + call.restarts())))
                        .toList());
    }

    private static Object lastOnly(Call call) {
        List<LogEntry> entries = call.given(3);
        return call.proceedWith(
                3,
                entries.isEmpty() ? entries : entries.subList(entries.size() - 1, entries.size()));
    }

    private static Object backwards(Call call) {
        return call.proceedWith(3, Defects.reversed(call.<List<LogEntry>>given(3)));
    }

    private static Object oneTooEarly(Call call) {
        return call.proceedWith(2, Math.max(0, call.<Long>given(2) - 1));
    }

    private static Object numberedAnew(Call call) {
        List<StoredLogEntry> numbered = new ArrayList<>();
        for (Object line : (List<?>) call.proceed()) {
            numbered.add(new StoredLogEntry(numbered.size() + 1, ((StoredLogEntry) line).json()));
        }
        return numbered;
    }
}
