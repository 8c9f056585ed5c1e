package dev.errand.testkit;

import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.tck.TestClock;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/**
 * Runs simulations on the in-memory backend from the command line: {@code SimulationRun 10000 1}.
 */
public final class SimulationRun {

    private static final int PROGRESS_EVERY = 1_000;

    private SimulationRun() {}

    /**
     * Runs the simulations, and exits with 1 and the first failure if one fails.
     *
     * @param arguments number of seeds (default 10,000) and first seed (default 1)
     */
    public static void main(String[] arguments) {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        // Logging all failures would take longer than the simulations.
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        AtomicInteger played = new AtomicInteger();
        List<String> failures =
                LongStream.range(first, first + count)
                        .parallel()
                        .mapToObj(
                                seed -> {
                                    String failure = failure(seed);
                                    int done = played.incrementAndGet();
                                    if (done % PROGRESS_EVERY == 0 || done == count) {
                                        System.out.printf("%d of %d simulations%n", done, count);
                                    }
                                    return failure;
                                })
                        .filter(failure -> !failure.isEmpty())
                        .toList();
        failures.stream().limit(1).forEach(System.out::println);
        System.out.printf("%d of %d seeds failed%n", failures.size(), count);
        System.exit(failures.isEmpty() ? 0 : 1);
    }

    /** Returns the failure message of a seed, or an empty text. */
    private static String failure(long seed) {
        try {
            play(seed);
            return "";
        } catch (AssertionError failure) {
            return failure.getMessage();
        }
    }

    /** Runs the simulation of one seed. */
    static List<String> play(long seed) {
        return Simulation.play(seed, InMemoryBackend::create, SimulationRun::objects);
    }

    private static ObjectStore objects(TestClock clock) {
        InMemoryObjectStore objects =
                InMemoryObjectStore.create(clock, Secret.of("a signing key for tests"));
        objects.setBaseUrl(URI.create("http://objects.example"));
        return objects;
    }
}
