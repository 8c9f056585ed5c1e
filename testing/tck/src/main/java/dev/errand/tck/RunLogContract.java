package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.LogPage;
import dev.errand.spi.store.LogSize;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link RunLog} (docs/wire/logs.md#i5, #i7,
 * docs/wire/guarantees.md#j6, #j7). {@link ExecutionLogContract} tests which executions may append.
 */
public abstract class RunLogContract extends LogContract {

    private static final int APPENDING_THREADS = 16;
    private static final int APPENDS_PER_THREAD = 8;
    private static final int ENTRIES_PER_APPEND = 5;

    /** Constructor for subclasses. */
    protected RunLogContract() {}

    /** docs/wire/logs.md#i5: each entry is stored as one line, in order. */
    @Test
    public void entriesAreReadInAppendOrder() {
        assertThat(append(entry("a"), entry("b"))).isEqualTo(new RunLog.Appended(2, end()));
        assertThat(append(entry("c"))).isEqualTo(new RunLog.Appended(1, end()));

        assertThat(read(0, 10))
                .extracting(StoredLogEntry::json)
                .containsExactly(json("a", "b", "c"));
    }

    /** docs/invariants.md#i10: entries are opaque. */
    @Test
    public void entriesAreReadUnchanged() {
        String odd = "{\"b\":1.0,\"a\":[null,\"\\u0000\\n – 日本語\"],\"b\":1e2}";
        append(new LogEntry(JsonText.of(odd), Optional.empty()));

        assertThat(read(0, 1)).extracting(line -> line.json().text()).containsExactly(odd);
    }

    /** Positions increase and never change, so a stream resumes where it stopped. */
    @Test
    public void readingContinuesAfterAPosition() {
        append(entry("a"), entry("b"), entry("c"));
        List<StoredLogEntry> all = read(0, 10);
        append(entry("d"));

        assertThat(all).extracting(StoredLogEntry::position).isSorted().doesNotHaveDuplicates();
        assertThat(all.get(0).position()).isPositive();
        assertThat(read(all.get(0).position(), 1)).containsExactly(all.get(1));
        assertThat(read(all.get(1).position(), 10))
                .extracting(StoredLogEntry::json)
                .containsExactly(json("c", "d"));
        assertThat(read(0, 3)).isEqualTo(all);
        assertThat(read(end(), 10)).isEmpty();
        assertThat(read(end() + 1_000_000, 10)).isEmpty();
        assertThat(read(Long.MAX_VALUE, Integer.MAX_VALUE)).isEmpty();
        assertThat(read(0, Integer.MAX_VALUE)).hasSize(4);
    }

    /** docs/wire/idempotency-and-limits.md#j34: entries are opaque. */
    @Test
    public void unusualEntriesAreStoredUnchanged() {
        List<LogEntry> unusual =
                Stream.of(
                                "{\"deep\":" + "[".repeat(990) + "]".repeat(990) + "}",
                                "{\"digits\":" + "7".repeat(200_000) + ".5E-70000}",
                                "{\"" + "k".repeat(60_000) + "\":\"\\u0000\\ud83d\"}",
                                "{\"a\":1,\"a\":2}")
                        .map(text -> new LogEntry(JsonText.of(text), Optional.empty()))
                        .toList();
        append(unusual.toArray(LogEntry[]::new));

        assertThat(read(0, 10))
                .extracting(StoredLogEntry::json)
                .isEqualTo(unusual.stream().map(LogEntry::json).toList());
    }

    /** docs/wire/logs.md#i7: the log of a run without entries is empty. */
    @Test
    public void aRunWithoutEntriesHasAnEmptyLog() {
        assertThat(read(0, 10)).isEmpty();
        assertThat(append()).isEqualTo(new RunLog.Appended(0, 0));
    }

    /** {@code size}: the entries and their bytes, with at most one more for each entry. */
    @Test
    public void theSizeOfALogIsMeasured() {
        assertThat(node.log().size(PROJECT, run.id())).isEqualTo(LogSize.EMPTY);
        append(entry("first"), entry("\u00E4\u20AC"));
        append(entry("second"));

        LogSize size = node.log().size(PROJECT, run.id());
        long bytes =
                read(0, 10).stream()
                        .mapToLong(it -> it.json().text().getBytes(StandardCharsets.UTF_8).length)
                        .sum();
        assertThat(size.entries()).isEqualTo(3);
        assertThat(size.bytes()).isBetween(bytes, bytes + 3);
        assertThat(node.log().size(OTHER_PROJECT, run.id())).isEqualTo(LogSize.EMPTY);
    }

    /** A run that does not exist has no log, and the key of a rejected append is not used. */
    @Test
    public void nothingIsAppendedToARunThatDoesNotExist() {
        RunId unknown = aRun(insert(aTask())).build().run().id();
        insert(OTHER_PROJECT, aTask());

        assertThat(appendTo(PROJECT, unknown, key("k", "h"), entry("a")))
                .isEqualTo(new RunLog.NotFound());
        assertThat(appendTo(PROJECT, unknown, Optional.empty())).isEqualTo(new RunLog.NotFound());
        assertThat(appendTo(OTHER_PROJECT, run.id(), Optional.empty(), entry("a")))
                .isEqualTo(new RunLog.NotFound());
        assertThat(appendTo(PROJECT, run.id(), key("k", "another"), entry("b")))
                .isEqualTo(new RunLog.Appended(1, 1));

        assertThat(otherNode.log().lastAppendedAt(PROJECT, unknown)).isEmpty();
        assertThat(otherNode.log().lastAppendedAt(OTHER_PROJECT, run.id())).isEmpty();
        assertThat(read(0, 10)).extracting(StoredLogEntry::json).containsExactly(json("b"));
    }

    /** An agent may send its last entries although the task was deleted. */
    @Test
    public void aRunOfADeletedTaskKeepsItsLog() {
        Task task = insert(aTask());
        StoredRun deleted = insert(aRun(task));
        delete(task);

        assertThat(appendTo(PROJECT, deleted.id(), Optional.empty(), entry("a")))
                .isEqualTo(new RunLog.Appended(1, 1));
    }

    /** A key that was used by another request is reported first. */
    @Test
    public void theKeyIsComparedBeforeTheRun() {
        appendUnder("k", "h", entry("a"));
        RunId unknown = aRun(insert(aTask())).build().run().id();

        assertThat(appendTo(PROJECT, unknown, key("k", "another"), entry("b")))
                .isEqualTo(new RunLog.KeyConflict());
    }

    /** docs/invariants.md#i5: a log belongs to one run in one project. */
    @Test
    public void aLogBelongsToOneRun() {
        StoredRun sibling = insert(aRun(insert(aTask())));
        insert(OTHER_PROJECT, aTask());
        append(entry("a"));

        assertThat(node.log().read(PROJECT, sibling.id(), LogFilter.ALL, 0, 10)).isEmpty();
        assertThat(node.log().read(OTHER_PROJECT, run.id(), LogFilter.ALL, 0, 10)).isEmpty();
        node.log()
                .append(
                        PROJECT,
                        sibling.id(),
                        Optional.empty(),
                        List.of(entry("b")),
                        Optional.empty());
        assertThat(read(0, 10)).extracting(StoredLogEntry::json).containsExactly(json("a"));
    }

    /**
     * docs/wire/logs.md#i5, docs/wire/guarantees.md#j6: no concurrent append is lost, and the
     * entries of one call are contiguous.
     */
    @Test
    public void concurrentAppendsAreStoredContiguously() {
        ConcurrentCalls.of(
                APPENDING_THREADS,
                index -> {
                    for (int i = 0; i < APPENDS_PER_THREAD; i++) {
                        String call = index + "-" + i;
                        List<LogEntry> entries =
                                IntStream.range(0, ENTRIES_PER_APPEND)
                                        .mapToObj(n -> entry(call + "-" + n))
                                        .toList();
                        nodeOf(index)
                                .log()
                                .append(
                                        PROJECT,
                                        run.id(),
                                        Optional.empty(),
                                        entries,
                                        Optional.empty());
                    }
                    return index;
                });

        List<StoredLogEntry> lines = read(0, 10_000);
        assertThat(lines).hasSize(APPENDING_THREADS * APPENDS_PER_THREAD * ENTRIES_PER_APPEND);
        assertThat(lines).extracting(StoredLogEntry::position).isSorted().doesNotHaveDuplicates();
        Set<String> calls = new HashSet<>();
        for (int i = 0; i < lines.size(); i += ENTRIES_PER_APPEND) {
            String first = lines.get(i).json().text();
            String call = first.substring(0, first.lastIndexOf('-'));
            assertThat(calls.add(call)).isTrue();
            for (int n = 0; n < ENTRIES_PER_APPEND; n++) {
                assertThat(lines.get(i + n).json().text()).isEqualTo(call + "-" + n + "\"}");
            }
        }
    }

    /** docs/wire/logs.md#i5: entries with known event ids are accepted and not stored again. */
    @Test
    public void anEntryWithAKnownEventIdIsNotStoredAgain() {
        append(event("1"), event("2"));

        assertThat(append(event("2"), entry("new"), event("3"), event("1")))
                .isEqualTo(new RunLog.Appended(2, end()));
        assertThat(read(0, 10))
                .extracting(StoredLogEntry::json)
                .containsExactly(json("event 1", "event 2", "new", "event 3"));
    }

    /** docs/wire/logs.md#i5: a duplicate event id within one call is stored once. */
    @Test
    public void aDuplicateEventIdInOneCallIsStoredOnce() {
        assertThat(append(event("1"), event("1"))).isEqualTo(new RunLog.Appended(1, end()));
    }

    /** docs/wire/logs.md#i5: event ids are compared within one run. */
    @Test
    public void eventIdsAreScopedToTheRun() {
        StoredRun sibling = insert(aRun(insert(aTask())));
        append(event("1"));

        assertThat(
                        node.log()
                                .append(
                                        PROJECT,
                                        sibling.id(),
                                        Optional.empty(),
                                        List.of(event("1")),
                                        Optional.empty()))
                .isInstanceOfSatisfying(
                        RunLog.Appended.class,
                        appended -> assertThat(appended.stored()).isEqualTo(1));
    }

    /** docs/wire/logs.md#i5: of concurrent appends of the same batch, one is stored. */
    @Test
    public void concurrentAppendsOfTheSameEventsStoreThemOnce() {
        ConcurrentCalls.of(
                APPENDING_THREADS,
                index ->
                        nodeOf(index)
                                .log()
                                .append(
                                        PROJECT,
                                        run.id(),
                                        Optional.empty(),
                                        List.of(event("1"), event("2"), event("3")),
                                        Optional.empty()));

        assertThat(read(0, 100))
                .extracting(StoredLogEntry::json)
                .containsExactly(json("event 1", "event 2", "event 3"));
    }

    /** docs/wire/logs.md#i5: event ids are compared with the last 20000 entries of the run. */
    @Test
    public void anEventIdIsRecognisedWithinTheLastTwentyThousandEntries() {
        append(event("old"));
        appendUnnamed(RunLog.EVENT_ID_WINDOW - 1);

        assertThat(append(event("old"))).isEqualTo(new RunLog.Appended(0, end()));
        append(entry("one more"));
        assertThat(append(event("old"))).isEqualTo(new RunLog.Appended(1, end()));
        assertThat(append(event("old"))).isEqualTo(new RunLog.Appended(0, end()));
    }

    /** As above, for the ids of agents. */
    @Test
    public void aNumberedEventIdIsRecognisedWithinTheLastTwentyThousandEntries() {
        append(event("a-1"));
        appendUnnamed(RunLog.EVENT_ID_WINDOW - 1);

        assertThat(append(event("a-1"))).isEqualTo(new RunLog.Appended(0, end()));
        append(event("a-2"));
        assertThat(append(event("a-1"))).isEqualTo(new RunLog.Appended(1, end()));
        assertThat(append(event("a-1"), event("a-2"), event("a-3")))
                .isEqualTo(new RunLog.Appended(1, end()));
    }

    /** docs/wire/logs.md#i5: event ids need not be appended in the order of their numbers. */
    @Test
    public void anEventWithALowerNumberIsStoredIfItIsNew() {
        append(event("a-1"), event("a-4"));

        assertThat(append(event("a-3"), event("a-4"), event("a-04"), event("a-")))
                .isEqualTo(new RunLog.Appended(3, 5));
        assertThat(append(event("a-5"), event("a-2"), event("a-3")))
                .isEqualTo(new RunLog.Appended(2, 7));
        assertThat(append(event("a-2"), event("a-5"), event("a-04"), event("a-")))
                .isEqualTo(new RunLog.Appended(0, 7));
    }

    /**
     * docs/wire/logs.md#i5: each id is stored once, in whatever order and form ids are appended.
     */
    @Test
    public void eachOfManyEventIdsIsStoredOnce() {
        List<String> sources = new ArrayList<>(List.of("a", "b", "b-1", "", "7", "x".repeat(99)));
        IntStream.range(0, 80).forEach(i -> sources.add("source" + i));
        Random random = new Random(42);
        Set<String> stored = new HashSet<>();
        for (int call = 0; call < 300; call++) {
            List<LogEntry> entries = new ArrayList<>();
            Set<String> added = new HashSet<>();
            int inUse = Math.min(sources.size(), 1 + call / 3);
            for (int i = random.nextInt(5); i >= 0; i--) {
                String source = sources.get(random.nextInt(inUse));
                String id = random.nextInt(9) == 0 ? source : source + "-" + random.nextInt(20);
                entries.add(event(id));
                added.add(id);
            }
            added.removeAll(stored);
            stored.addAll(added);
            assertThat(append(entries.toArray(LogEntry[]::new)))
                    .isEqualTo(new RunLog.Appended(added.size(), stored.size()));
        }
    }

    /** docs/wire/logs.md#i5: of concurrent appends that overlap, each event is stored once. */
    @Test
    public void concurrentAppendsOfOverlappingEventsStoreEachOnce() {
        ConcurrentCalls.of(
                APPENDING_THREADS,
                index -> {
                    for (int first = index % 4; first < 40; first += 4) {
                        int from = first;
                        List<LogEntry> entries =
                                IntStream.range(from, from + ENTRIES_PER_APPEND)
                                        .mapToObj(n -> event("a-" + n))
                                        .toList();
                        nodeOf(index)
                                .log()
                                .append(
                                        PROJECT,
                                        run.id(),
                                        Optional.empty(),
                                        entries,
                                        Optional.empty());
                    }
                    return index;
                });

        assertThat(read(0, 1_000))
                .extracting(StoredLogEntry::json)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 39 + ENTRIES_PER_APPEND)
                                .mapToObj(n -> json("event a-" + n)[0])
                                .toList());
    }

    /** docs/wire/logs.md#i8: entries are selected by type and time. */
    @Test
    public void entriesAreSelectedByTypeAndTime() {
        append(typed("prompt", "2026-05-07T09:00:01Z"), typed("", null));
        append(typed("tool", "2026-05-07T09:00:03.000000001Z"));
        append(typed("tool", "2026-05-07T09:00:02Z"), typed("odd \0 \ud800", null));

        assertSelected(LogFilter.ALL, 1, 2, 3, 4, 5);
        assertSelected(filter(null, List.of("tool"), List.of()), 3, 4);
        assertSelected(filter(null, List.of("tool", ""), List.of()), 2, 3, 4);
        assertSelected(filter(null, List.of(), List.of("tool", "none")), 1, 2, 5);
        assertSelected(filter(null, List.of("tool"), List.of("tool")));
        assertSelected(filter(null, List.of("odd \0 \ud800"), List.of()), 5);
        assertSelected(filter("2026-05-07T09:00:01Z", List.of(), List.of()), 3, 4);
        assertSelected(filter("2026-05-07T09:00:01Z", List.of("prompt"), List.of()));
        assertSelected(filter("2026-05-07T09:00:02Z", List.of("tool"), List.of()), 3);
        assertSelected(filter("2026-05-07T09:00:03Z", List.of(), List.of()), 3);
        assertSelected(filter("2026-05-07T09:00:03.000000001Z", List.of(), List.of()));
        assertSelected(filter("2026-05-07T09:00:00Z", List.of(), List.of()), 1, 3, 4);
    }

    /** docs/wire/logs.md#i8: a time can be any that the format permits. */
    @Test
    public void entriesOfDistantTimesAreSelected() {
        append(typed("", "-999999999-01-01T00:00:00Z"));
        append(typed("", "0000-12-31T23:59:59Z"));
        append(typed("", "9999-12-31T23:59:59Z"));
        append(typed("", "+999999999-12-31T00:00:00Z"));

        assertSelected(filter("-999999999-01-01T00:00:00Z", List.of(), List.of()), 2, 3, 4);
        assertSelected(filter("0000-12-31T23:59:58Z", List.of(), List.of()), 2, 3, 4);
        assertSelected(filter("0000-12-31T23:59:59Z", List.of(), List.of()), 3, 4);
        assertSelected(filter("9999-12-31T23:59:58Z", List.of(), List.of()), 3, 4);
        assertSelected(filter("9999-12-31T23:59:59Z", List.of(), List.of()), 4);
        assertSelected(filter("+999999999-12-31T00:00:00Z", List.of(), List.of()));
    }

    /** docs/wire/logs.md#i8: a page of a long log begins at the given offset. */
    @Test
    public void aPageOfALongLogIsFound() {
        for (int i = 0; i < 30; i++) {
            append(
                    IntStream.range(i * 40, i * 40 + 40)
                            .mapToObj(
                                    n ->
                                            typed(
                                                    n % 3 == 0 ? "third" : "other",
                                                    Instant.ofEpochSecond(n).toString()))
                            .toArray(LogEntry[]::new));
        }
        LogFilter thirds = filter(null, List.of("third"), List.of());

        assertThat(node.log().findPage(PROJECT, run.id(), thirds, 0))
                .isEqualTo(new LogPage(1200, 400, 0));
        LogPage last = node.log().findPage(PROJECT, run.id(), thirds, 398);
        assertThat(otherNode.log().read(PROJECT, run.id(), thirds, last.after(), 9))
                .extracting(StoredLogEntry::position)
                .containsExactly(1195L, 1198L);
        assertThat(node.log().findPage(PROJECT, run.id(), thirds, 400))
                .isEqualTo(new LogPage(1200, 400, 1200));
        LogFilter lateThirds =
                filter(Instant.ofEpochSecond(1190).toString(), List.of("third"), List.of());
        assertThat(node.log().findPage(PROJECT, run.id(), lateThirds, 1).matching()).isEqualTo(3);
        assertThat(node.log().read(PROJECT, run.id(), lateThirds, 0, 2))
                .extracting(StoredLogEntry::position)
                .containsExactly(1192L, 1195L);
        assertThat(node.log().findPage(OTHER_PROJECT, run.id(), thirds, 0))
                .isEqualTo(new LogPage(0, 0, 0));
    }

    /**
     * docs/wire/logs.md#i5, docs/wire/idempotency-and-limits.md#j29: an append with a key can be
     * retried safely.
     */
    @Test
    public void aRepeatedAppendUnderAKeyStoresNothing() {
        assertThat(appendUnder("k", "h", entry("a"))).isEqualTo(new RunLog.Appended(1, end()));
        append(entry("b"));

        assertThat(appendUnder("k", "h", entry("a"))).isEqualTo(new RunLog.Appended(0, end()));
        assertThat(read(0, 10)).extracting(StoredLogEntry::json).containsExactly(json("a", "b"));
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29: the same key with a different body is a conflict.
     */
    @Test
    public void anAppendUnderAKeyOfAnotherRequestIsAConflict() {
        appendUnder("k", "h", entry("a"));

        assertThat(appendUnder("k", "other", entry("b"))).isEqualTo(new RunLog.KeyConflict());
        assertThat(read(0, 10)).hasSize(1);
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29, docs/architecture.md#w5: one of the calls is stored.
     */
    @Test
    public void concurrentAppendsUnderOneKeyHaveOneEffect() {
        List<RunLog.AppendResult> answers =
                ConcurrentCalls.of(
                        APPENDING_THREADS,
                        index ->
                                nodeOf(index)
                                        .log()
                                        .append(
                                                PROJECT,
                                                run.id(),
                                                Optional.empty(),
                                                List.of(entry("a"), entry("b")),
                                                key("k", "h")));

        assertThat(read(0, 100)).extracting(StoredLogEntry::json).containsExactly(json("a", "b"));
        assertThat(answers).filteredOn(new RunLog.Appended(2, end())::equals).hasSize(1);
        assertThat(answers)
                .filteredOn(new RunLog.Appended(0, end())::equals)
                .hasSize(APPENDING_THREADS - 1);
    }

    /** {@code lastAppendedAt}: another node can determine how long a run has been inactive. */
    @Test
    public void theTimeOfTheLastEntryIsVisibleToAllNodes() {
        assertThat(node.log().lastAppendedAt(PROJECT, run.id())).isEmpty();
        append();
        assertThat(node.log().lastAppendedAt(PROJECT, run.id())).isEmpty();
        append(event("1"));
        Instant first = clock.instant();
        clock.advance(LEASE);
        append(event("1"));
        assertThat(otherNode.log().lastAppendedAt(PROJECT, run.id())).contains(first);

        clock.set(first.plus(LEASE).plusNanos(999));
        append(event("2"));
        assertThat(otherNode.log().lastAppendedAt(PROJECT, run.id())).contains(first.plus(LEASE));
        assertThat(otherNode.log().lastAppendedAt(OTHER_PROJECT, run.id())).isEmpty();
    }

    private void appendUnnamed(int count) {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(entry("filler"));
        }
        append(entries.toArray(LogEntry[]::new));
    }

    private RunLog.AppendResult append(LogEntry... entries) {
        return appendTo(PROJECT, run.id(), Optional.empty(), entries);
    }

    private RunLog.AppendResult appendTo(
            ProjectId project, RunId run, Optional<Idempotency> key, LogEntry... entries) {
        return node.log().append(project, run, Optional.empty(), List.of(entries), key);
    }

    private RunLog.AppendResult appendUnder(String key, String requestHash, LogEntry... entries) {
        return appendTo(PROJECT, run.id(), key(key, requestHash), entries);
    }

    private static LogEntry event(String id) {
        return new LogEntry(json("event " + id)[0], Optional.of(id));
    }

    private static LogEntry typed(String type, @Nullable String time) {
        return new LogEntry(
                json("typed")[0],
                Optional.empty(),
                type,
                Optional.ofNullable(time).map(Instant::parse));
    }

    private static LogFilter filter(
            @Nullable String after, List<String> types, List<String> excludedTypes) {
        return new LogFilter(
                Optional.ofNullable(after).map(Instant::parse),
                Set.copyOf(types),
                Set.copyOf(excludedTypes));
    }

    /** Asserts the positions of the selected entries, read as one page and one by one. */
    private void assertSelected(LogFilter filter, long... positions) {
        RunLog log = otherNode.log();
        assertThat(log.read(PROJECT, run.id(), filter, 0, 100))
                .extracting(StoredLogEntry::position)
                .containsExactlyElementsOf(LongStream.of(positions).boxed().toList());
        for (int i = 0; i <= positions.length; i++) {
            LogPage page = log.findPage(PROJECT, run.id(), filter, i);
            assertThat(page.total()).isEqualTo(end());
            assertThat(page.matching()).isEqualTo(positions.length);
            assertThat(log.read(PROJECT, run.id(), filter, page.after(), 1))
                    .extracting(StoredLogEntry::position)
                    .isEqualTo(i == positions.length ? List.of() : List.of(positions[i]));
        }
    }
}
