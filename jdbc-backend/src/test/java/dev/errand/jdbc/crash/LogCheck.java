package dev.errand.jdbc.crash;

import dev.errand.spi.JsonText;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.StoredLogEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** I7 of logs: each append stands once, whole and in order, or not at all if nobody was told. */
final class LogCheck {

    private static final Pattern MARK = Pattern.compile("\"by\":\"([^\"]+)\"");

    private LogCheck() {}

    static void inspect(ProjectContents contents, History history, Violations findings) {
        Map<String, RunId> found = new HashMap<>();
        contents.logs().forEach((run, lines) -> inspect(run, lines, history, found, findings));
        for (StepRecord deed : history.deeds(kind -> kind == Step.Kind.APPEND_LOG)) {
            RunId run = found.get(deed.step().mark());
            findings.expect(
                    run == null ? !deed.isAcknowledged() : run.equals(deed.step().run()),
                    "I7: %s was acknowledged: %s, and stands in the log of %s",
                    deed.step(),
                    deed.isAcknowledged(),
                    run);
        }
    }

    private static void inspect(
            RunId run,
            List<StoredLogEntry> lines,
            History history,
            Map<String, RunId> found,
            Violations findings) {
        for (int i = 0; i < lines.size(); i++) {
            findings.expect(
                    lines.get(i).position() == i + 1, "I7: the log of %s has a gap at %s", run, i);
        }
        List<JsonText> entries = lines.stream().map(StoredLogEntry::json).toList();
        int next = 0;
        while (next < entries.size()) {
            Matcher matcher = MARK.matcher(entries.get(next).text());
            String mark = matcher.find() ? matcher.group(1) : "nobody";
            int end = Math.min(next + EngineClient.ENTRIES, entries.size());
            findings.expect(
                    history.find(mark).isPresent()
                            && entries.subList(next, end).equals(EngineClient.entriesOf(mark)),
                    "I7: the log of %s has half of %s at %s",
                    run,
                    mark,
                    next);
            findings.expect(found.put(mark, run) == null, "I7: %s was appended twice", mark);
            next = end;
        }
    }
}
