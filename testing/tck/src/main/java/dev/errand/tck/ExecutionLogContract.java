package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.StoredRun;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for appends to a log by executions (docs/invariants.md#i5, docs/wire/runs.md#g3):
 * only the latest execution of a run may call {@link RunLog#append}.
 */
public abstract class ExecutionLogContract extends LogContract {

    /** Constructor for subclasses. */
    protected ExecutionLogContract() {}

    /** Appends of a superseded attempt are rejected, with a key or without. */
    @Test
    public void onlyTheLatestExecutionOfARunAppends() {
        StoredRun first = queue(run);
        assertThat(appendBy(first, entry("first"))).isEqualTo(new RunLog.Appended(1, 1));
        StoredRun second = failLaunch(first, clock.instant());

        assertThat(appendBy(first, entry("late"))).isEqualTo(new RunLog.Superseded());
        assertThat(appendBy(first)).isEqualTo(new RunLog.Superseded());
        assertThat(
                        node.log()
                                .append(
                                        PROJECT,
                                        first.id(),
                                        Optional.of(SandboxId.of(first.run())),
                                        List.of(entry("late")),
                                        key("k", "h")))
                .isEqualTo(new RunLog.Superseded());
        assertThat(
                        otherNode
                                .log()
                                .append(
                                        PROJECT,
                                        second.id(),
                                        Optional.of(SandboxId.of(second.run())),
                                        List.of(entry("second")),
                                        key("k", "h")))
                .isEqualTo(new RunLog.Appended(1, 2));
        assertThat(read(0, 9))
                .extracting(StoredLogEntry::json)
                .containsExactly(json("first", "second"));
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29: entries that were stored are kept, but a retry is
     * rejected if the execution has been superseded since.
     */
    @Test
    public void aRepeatedAppendOfASupersededAttemptIsRejected() {
        StoredRun first = queue(run);
        SandboxId by = SandboxId.of(first.run());
        List<LogEntry> entries = List.of(entry("a"));
        node.log().append(PROJECT, by.run(), Optional.of(by), entries, key("k", "h"));
        assertThat(
                        otherNode
                                .log()
                                .append(PROJECT, by.run(), Optional.of(by), entries, key("k", "h")))
                .isEqualTo(new RunLog.Appended(0, 1));
        queue(first);

        assertThat(node.log().append(PROJECT, by.run(), Optional.of(by), entries, key("k", "h")))
                .isEqualTo(new RunLog.Superseded());
        assertThat(read(0, 9)).hasSize(1);
    }

    /** A key that was used by another request is reported before the attempt is compared. */
    @Test
    public void theKeyIsComparedBeforeTheAttempt() {
        StoredRun first = queue(run);
        SandboxId by = SandboxId.of(first.run());
        List<LogEntry> entries = List.of(entry("a"));
        node.log().append(PROJECT, by.run(), Optional.of(by), entries, key("k", "h"));
        queue(first);

        assertThat(node.log().append(PROJECT, by.run(), Optional.of(by), entries, key("k", "i")))
                .isEqualTo(new RunLog.KeyConflict());
    }

    /** docs/wire/runs.md#g3: agents may send their last entries after the end of the run. */
    @Test
    public void theLatestExecutionMayAppendAfterTheEnd() {
        StoredRun queued = queue(run);
        StoredRun ended = end(queued, RunStatus.COMPLETED);

        assertThat(appendBy(ended, entry("late"))).isEqualTo(new RunLog.Appended(1, 1));
    }

    /** docs/invariants.md#i5: an execution of another run, task or project cannot append. */
    @Test
    public void anExecutionOfAnUnknownRunAppendsNothing() {
        StoredRun queued = queue(run);
        SandboxId by = SandboxId.of(queued.run());
        StoredRun sibling = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        insert(OTHER_PROJECT, aTask());
        List<LogEntry> entries = List.of(entry("a"));

        for (SandboxId guessed :
                List.of(
                        new SandboxId(PROJECT, sibling.task(), by.run(), by.attempt()),
                        new SandboxId(PROJECT, by.task(), by.run(), by.attempt() + 1))) {
            assertThat(
                            node.log()
                                    .append(
                                            PROJECT,
                                            guessed.run(),
                                            Optional.of(guessed),
                                            entries,
                                            Optional.empty()))
                    .isEqualTo(new RunLog.Superseded());
        }
        assertThat(
                        node.log()
                                .append(
                                        OTHER_PROJECT,
                                        by.run(),
                                        Optional.of(by),
                                        entries,
                                        Optional.empty()))
                .isEqualTo(new RunLog.Superseded());
        assertThat(read(0, 9)).isEmpty();
        assertThat(otherNode.log().read(PROJECT, sibling.id(), LogFilter.ALL, 0, 9)).isEmpty();
    }

    /** Nothing of an attempt is appended after the next one has become visible. */
    @Test
    public void aSupersededExecutionAppendsNothingMore() {
        StoredRun before = queue(run);
        for (int round = 0; round < 20; round++) {
            StoredRun current = before;
            List<Long> ends =
                    ConcurrentCalls.of(
                            4,
                            index -> {
                                if (index == 0) {
                                    queue(current);
                                    return end();
                                }
                                while (appendAs(index, current) instanceof RunLog.Appended) {
                                    // Repeats until the other execution has been requested.
                                }
                                return 0L;
                            });

            assertThat(end()).isEqualTo(ends.get(0));
            before = find(current);
        }
    }

    private RunLog.AppendResult appendAs(int index, StoredRun execution) {
        return nodeOf(index)
                .log()
                .append(
                        PROJECT,
                        execution.id(),
                        Optional.of(SandboxId.of(execution.run())),
                        List.of(entry("by " + index)),
                        Optional.empty());
    }

    private RunLog.AppendResult appendBy(StoredRun execution, LogEntry... entries) {
        return node.log()
                .append(
                        PROJECT,
                        execution.id(),
                        Optional.of(SandboxId.of(execution.run())),
                        List.of(entries),
                        Optional.empty());
    }
}
