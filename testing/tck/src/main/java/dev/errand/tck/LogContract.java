package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;

import dev.errand.spi.JsonText;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.StoredRun;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/**
 * Base class of the contract tests for logs: a run without entries, and methods to append and read.
 */
public abstract class LogContract extends StorageContract {

    StoredRun run;

    /** Constructor for the contracts. */
    LogContract() {}

    @BeforeEach
    @Override
    public void openTwoNodes() {
        super.openTwoNodes();
        run = insert(aRun(insert(aTask())));
    }

    List<StoredLogEntry> read(long after, int max) {
        return otherNode.log().read(PROJECT, run.id(), LogFilter.ALL, after, max);
    }

    long end() {
        List<StoredLogEntry> all = read(0, Integer.MAX_VALUE);
        return all.isEmpty() ? 0 : all.get(all.size() - 1).position();
    }

    static LogEntry entry(String text) {
        return new LogEntry(json(text)[0], Optional.empty());
    }

    static JsonText[] json(String... texts) {
        JsonText[] entries = new JsonText[texts.length];
        for (int i = 0; i < texts.length; i++) {
            entries[i] = JsonText.of("{\"text\":\"" + texts[i] + "\"}");
        }
        return entries;
    }
}
