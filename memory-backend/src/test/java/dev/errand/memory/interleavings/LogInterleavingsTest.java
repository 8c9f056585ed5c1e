package dev.errand.memory.interleavings;

import dev.errand.spi.JsonText;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredRun;
import java.util.List;
import java.util.Optional;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * docs/wire/logs.md#i5, #i7, docs/wire/artifacts.md#i6: events are stored once and in order, and
 * only by the current attempt.
 */
@Param(name = "n", gen = IntGen.class, conf = "1:2")
public class LogInterleavingsTest {

    private static final List<List<LogEntry>> PLAIN =
            List.of(List.of(), entries("", 1), entries("", 2));
    private static final List<List<LogEntry>> EVENTS =
            List.of(List.of(), entries("event ", 1), entries("event ", 2));

    private final OneTaskStorage storage = new OneTaskStorage();
    private final RunLog log = storage.backend.log();
    private final StoredRun run = storage.insert(storage.aRun(0).build());
    private final RunChange nextAttempt =
            RunChange.of(
                    run,
                    run.withRun(
                            run.run().change(OneTaskStorage.NOW).nextAttempt().build(),
                            entry -> entry.launchFailed("no room", OneTaskStorage.NOW)));

    @Operation
    public Object append(@Param(name = "n") int n) {
        return log.append(
                OneTaskStorage.PROJECT, run.id(), Optional.empty(), PLAIN.get(n), Optional.empty());
    }

    @Operation
    public Object appendEvents(@Param(name = "n") int n) {
        return log.append(
                OneTaskStorage.PROJECT,
                run.id(),
                Optional.empty(),
                EVENTS.get(n),
                Optional.empty());
    }

    @Operation
    public Object appendOfTheAttempt(@Param(name = "n") int n) {
        SandboxId by = new SandboxId(run.project(), run.task(), run.id(), n);
        return log.append(
                OneTaskStorage.PROJECT, by.run(), Optional.of(by), PLAIN.get(n), Optional.empty());
    }

    @Operation
    public Object goOnToTheNextAttempt() {
        return storage.backend.runs().update(OneTaskStorage.PROJECT, nextAttempt);
    }

    @Operation
    public Object read() {
        return log.read(OneTaskStorage.PROJECT, run.id(), LogFilter.ALL, 0, 10);
    }

    /** Runs only on request, since it takes as long as all other tests. */
    @Test
    @EnabledIfSystemProperty(named = "errand.interleavings", matches = "[0-9]+")
    void appendsAreLinearizable() {
        Interleavings.check(LogInterleavingsTest.class);
    }

    /** Two entries, the second with an event of the same name in every append of the number. */
    private static List<LogEntry> entries(String event, int number) {
        JsonText json = JsonText.of("{\"n\":" + number + "}");
        return List.of(
                new LogEntry(json, Optional.empty()),
                new LogEntry(
                        json, event.isEmpty() ? Optional.empty() : Optional.of(event + number)));
    }
}
