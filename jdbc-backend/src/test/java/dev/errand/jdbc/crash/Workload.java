package dev.errand.jdbc.crash;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Eight threads that create tasks, stage artifacts, create runs that consume them, update runs and
 * append to logs, all on the same few objects, and record each request and its response in a
 * journal. It runs until it is stopped or killed.
 *
 * <p>Arguments: the URL of the database, and a directory for objects and journals. Input lines:
 * {@code begin N} starts with project N, {@code end} stops; the end of the input ends the process.
 * Output lines: {@code ready} at the start, {@code ended} after each stop.
 */
final class Workload {

    private static final int THREADS = 8;
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** How long a request is repeated while the database is unavailable. */
    private static final Duration RETRY_TIMEOUT = Duration.ofSeconds(60);

    /** Errors that the workload causes deliberately; any other error is a defect. */
    private static final Set<ErrorCode> EXPECTED =
            Set.of(
                    ErrorCode.MISSING_ARTIFACTS,
                    ErrorCode.INVALID_STATUS_TRANSITION,
                    ErrorCode.NOT_STARTABLE);

    private final EngineClient client;
    private final ProjectId project;
    private final Journal journal;
    private final WorkloadState state = new WorkloadState();
    private final AtomicInteger steps = new AtomicInteger();
    private volatile boolean stopping;

    Workload(EngineClient client, ProjectId project, Journal journal) {
        this.client = client;
        this.project = project;
        this.journal = journal;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        try (EngineClient client = EngineClient.open(arguments[0], objectsOf(directory), THREADS);
                BufferedReader orders =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            String order = orders.readLine();
            while (order != null) {
                ProjectId project = ProjectId.of(Long.parseLong(order.substring(6)));
                try (Journal journal = new Journal(journalOf(directory, project))) {
                    order = new Workload(client, project, journal).run(orders::readLine);
                }
                System.out.println("ended");
                order = "end".equals(order) ? orders.readLine() : null;
            }
        }
    }

    static Path objectsOf(Path directory) {
        return directory.resolve("objects");
    }

    static Path journalOf(Path directory, ProjectId project) {
        return directory.resolve("journal-" + project + ".tsv");
    }

    /** Runs until the given call returns, and returns its result. */
    <T> T run(Callable<T> end) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(this::work, "load-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        T answer = end.call();
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return answer;
    }

    private void work() {
        Random random = new Random();
        while (!stopping) {
            Step step = state.next(project + "-" + steps.incrementAndGet(), random);
            journal.write(
                    Stream.concat(
                                    Stream.of(History.BEGUN, step.mark(), step.kind().name()),
                                    step.on().stream())
                            .toList());
            perform(step);
        }
    }

    /** Performs a step. A step with a key is repeated until it gets a response. */
    private void perform(Step step) {
        long end = System.nanoTime() + RETRY_TIMEOUT.toNanos();
        while (!tryPerform(step) && step.kind().isKeyed()) {
            if (System.nanoTime() > end) {
                journal.write(List.of(History.WRONG, step.mark(), "no response"));
                return;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Performs a step once, and returns whether it got a response. */
    private boolean tryPerform(Step step) {
        try {
            List<String> answer = client.perform(project, step);
            journal.write(
                    Stream.concat(Stream.of(History.DONE, step.mark()), answer.stream()).toList());
            state.add(step, answer);
        } catch (InvalidRequestException refusal) {
            boolean expected = EXPECTED.contains(refusal.first().code());
            journal.write(
                    List.of(
                            expected ? History.REFUSED : History.WRONG,
                            step.mark(),
                            refusal.toString()));
            state.remove(step);
        } catch (PortException failure) {
            journal.write(
                    List.of(
                            failure.isRetryable() ? History.LOST : History.WRONG,
                            step.mark(),
                            failure + " because of " + failure.getCause()));
            return !failure.isRetryable();
        } catch (RuntimeException failure) {
            journal.write(
                    List.of(
                            History.WRONG,
                            step.mark(),
                            failure + " at " + List.of(failure.getStackTrace())));
        }
        return true;
    }
}
