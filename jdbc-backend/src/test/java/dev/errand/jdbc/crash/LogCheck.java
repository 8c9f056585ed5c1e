package dev.errand.jdbc.crash;

import dev.errand.spi.JsonText;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.StoredLogEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks docs/invariants.md#i7 of logs: the entries of each append are stored once, complete and in
 * order, or not at all if the append was not acknowledged.
 */
final class LogCheck {

    private static final Pattern MARK = Pattern.compile("\"by\":\"([^\"]+)\"");

    private LogCheck() {}

    static void check(ProjectContents contents, History history, Violations violations) {
        Map<String, RunId> found = new HashMap<>();
        contents.logs().forEach((run, lines) -> check(run, lines, history, found, violations));
        for (StepRecord record : history.steps(kind -> kind == Step.Kind.APPEND_LOG)) {
            RunId run = found.get(record.step().mark());
            violations.expect(
                    run == null ? !record.isAcknowledged() : run.equals(record.step().run()),
                    "I7: %s (acknowledged: %s) is in the log of %s",
                    record.step(),
                    record.isAcknowledged(),
                    run);
        }
    }

    private static void check(
            RunId run,
            List<StoredLogEntry> lines,
            History history,
            Map<String, RunId> found,
            Violations violations) {
        for (int i = 0; i < lines.size(); i++) {
            violations.expect(
                    lines.get(i).position() == i + 1, "I7: the log of %s has a gap at %s", run, i);
        }
        List<JsonText> entries = lines.stream().map(StoredLogEntry::json).toList();
        int next = 0;
        while (next < entries.size()) {
            Matcher matcher = MARK.matcher(entries.get(next).text());
            String mark = matcher.find() ? matcher.group(1) : "no mark";
            int end = Math.min(next + EngineClient.ENTRIES, entries.size());
            violations.expect(
                    history.find(mark).isPresent()
                            && entries.subList(next, end).equals(EngineClient.entriesOf(mark)),
                    "I7: the log of %s has an incomplete append of %s at %s",
                    run,
                    mark,
                    next);
            violations.expect(found.put(mark, run) == null, "I7: %s was appended twice", mark);
            next = end;
        }
    }
}
