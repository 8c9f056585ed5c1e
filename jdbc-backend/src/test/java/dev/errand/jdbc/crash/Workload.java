package dev.errand.jdbc.crash;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.spi.BackendException;
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
 * The load: eight threads that create tasks, stage artifacts, create runs that consume them,
 * advance runs and append to logs, all at the same few objects, and write down what they are about
 * to do and what was answered. It runs until it is told to stop, or killed.
 *
 * <p>Arguments: the URL of the database, a directory for objects and journals. Lines on the
 * standard input: {@code begin N} starts with project N, {@code end} stops; the end of the input
 * ends the process. Lines on the standard output: {@code ready} at first, {@code ended} after each
 * stop.
 */
final class Workload {

    private static final int THREADS = 8;
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** How long a request is repeated while the database is away. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the load runs into by its own choice; any other refusal is a defect. */
    private static final Set<ErrorCode> EXPECTED =
            Set.of(
                    ErrorCode.MISSING_ARTIFACTS,
                    ErrorCode.INVALID_STATUS_TRANSITION,
                    ErrorCode.NOT_STARTABLE);

    private final EngineClient client;
    private final ProjectId project;
    private final Journal journal;
    private final WorkloadState world = new WorkloadState();
    private final AtomicInteger steps = new AtomicInteger();
    private volatile boolean stopping;

    Workload(EngineClient client, ProjectId project, Journal journal) {
        this.client = client;
        this.project = project;
        this.journal = journal;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        try (EngineClient client = EngineClient.open(arguments[0], objectsIn(directory), THREADS);
                BufferedReader orders =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            String order = orders.readLine();
            while (order != null) {
                ProjectId project = ProjectId.of(Long.parseLong(order.substring(6)));
                try (Journal journal = new Journal(journalIn(directory, project))) {
                    order = new Workload(client, project, journal).run(orders::readLine);
                }
                System.out.println("ended");
                order = "end".equals(order) ? orders.readLine() : null;
            }
        }
    }

    static Path objectsIn(Path directory) {
        return directory.resolve("objects");
    }

    static Path journalIn(Path directory, ProjectId project) {
        return directory.resolve("journal-" + project + ".tsv");
    }

    /** Works until this has an answer, and gives it. */
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
            Step step = world.next(project + "-" + steps.incrementAndGet(), random);
            journal.write(
                    Stream.concat(
                                    Stream.of(History.BEGUN, step.mark(), step.kind().name()),
                                    step.on().stream())
                            .toList());
            perform(step);
        }
    }

    /** Makes a step; one with a key is made again until it is answered. */
    private void perform(Step step) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!tryPerform(step) && step.kind().isKeyed()) {
            if (System.nanoTime() > end) {
                journal.write(List.of(History.WRONG, step.mark(), "never answered"));
                return;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Whether the step was answered. */
    private boolean tryPerform(Step step) {
        try {
            List<String> answer = client.perform(project, step);
            journal.write(
                    Stream.concat(Stream.of(History.DONE, step.mark()), answer.stream()).toList());
            world.learn(step, answer);
        } catch (InvalidRequestException refusal) {
            boolean expected = EXPECTED.contains(refusal.first().code());
            journal.write(
                    List.of(
                            expected ? History.REFUSED : History.WRONG,
                            step.mark(),
                            refusal.toString()));
            world.forget(step);
        } catch (BackendException failure) {
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
