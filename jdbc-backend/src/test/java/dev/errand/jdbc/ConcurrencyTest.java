package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Backend;
import dev.errand.spi.Insertion;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.dispatch.ClaimRequest;
import dev.errand.spi.dispatch.ClaimedRun;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunAdvance;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.task.Task;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many connections to one PostgreSQL at once; the smaller races are in the contracts. */
final class ConcurrencyTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int CONNECTIONS = 64;
    private static final int CHANGES = 5;
    private static final int RUNS = 2_000;
    private static final int CLAIMING_THREADS = 8;

    private final TestDatabase database = TestDatabase.postgresql(ConcurrencyTest.class);
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final List<Backend> nodes =
            List.of(database.open(Clock.systemUTC()), database.open(Clock.systemUTC()));

    @BeforeEach
    void emptyDatabase() {
        database.reset();
    }

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    /** I4. */
    @Test
    void sixtyFourConnectionsThatChangeOneRunLoseNoUpdate() throws Exception {
        Run run = insertRun(insertTask());
        inParallel(
                CONNECTIONS,
                index -> {
                    for (int i = 0; i < CHANGES; i++) {
                        count(nodes.get(index % 2), run);
                    }
                    return index;
                });
        Run stands = nodes.get(0).runs().find(PROJECT, run.task(), run.id()).orElseThrow();
        assertThat(stands.stage()).contains(Integer.toString(CONNECTIONS * CHANGES));
        assertThat(stands.version()).isEqualTo(1 + CONNECTIONS * CHANGES);
    }

    private static void count(Backend node, Run run) {
        Run read = node.runs().find(PROJECT, run.task(), run.id()).orElseThrow();
        while (true) {
            int next = read.stage().map(Integer::parseInt).orElse(0) + 1;
            Run after =
                    read.change(node.clock().instant())
                            .stage(Optional.of(Integer.toString(next)))
                            .build();
            RunAdvance answer = node.runs().advance(PROJECT, RunChange.of(read, after));
            if (answer instanceof RunAdvance.Stale stale) {
                read = stale.current();
            } else {
                assertThat(answer).isInstanceOf(RunAdvance.Advanced.class);
                return;
            }
        }
    }

    /** I6. */
    @Test
    void twoNodesClaimTwoThousandRunsEachOnce() throws Exception {
        Task task = insertTask();
        inParallel(
                RUNS / 50,
                index -> {
                    for (int i = 0; i < 50; i++) {
                        insertRun(task);
                    }
                    return index;
                });
        List<List<ClaimedRun>> claimed =
                inParallel(
                        CLAIMING_THREADS,
                        index -> {
                            List<ClaimedRun> own = new ArrayList<>();
                            List<ClaimedRun> some;
                            do {
                                some =
                                        nodes.get(index % 2)
                                                .queue()
                                                .claim(
                                                        ProjectScope.everyProject(),
                                                        new ClaimRequest(
                                                                "node-" + index,
                                                                1 + index,
                                                                Duration.ofMinutes(5)));
                                own.addAll(some);
                            } while (!some.isEmpty());
                            return own;
                        });
        assertThat(claimed.stream().flatMap(List::stream).map(each -> each.run().id()))
                .hasSize(RUNS)
                .doesNotHaveDuplicates();
    }

    private Task insertTask() {
        return ((Insertion.Inserted<Task>)
                        nodes.get(0).tasks().insert(PROJECT, aTask().build(), Optional.empty()))
                .value();
    }

    private Run insertRun(Task task) {
        var run = aRun(task).queuedAt(task.createdAt()).build();
        nodes.get(0).runs().insert(PROJECT, run, Optional.empty());
        return run.run();
    }

    private interface Part<T> {
        T of(int index) throws Exception;
    }

    private <T> List<T> inParallel(int parts, Part<T> part) throws Exception {
        List<Callable<T>> all = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int index = i;
            all.add(() -> part.of(index));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> each : threads.invokeAll(all)) {
            answers.add(each.get());
        }
        return answers;
    }
}
