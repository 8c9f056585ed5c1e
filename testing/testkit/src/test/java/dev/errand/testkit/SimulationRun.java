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

/** Plays so many seeds on the reference and tells how far it is: {@code SimulationRun 10000 1}. */
public final class SimulationRun {

    private static final int PROGRESS_EVERY = 1_000;

    private SimulationRun() {}

    /**
     * Ends with code 1 if a seed fails, naming the first of them.
     *
     * @param arguments how many seeds, 10,000 unless said, and the first of them, 1 unless said
     */
    public static void main(String[] arguments) {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        // What so many nodes log while they fail takes longer to write than all that they do.
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

    /** Why a seed fails; empty if it does not. */
    private static String failure(long seed) {
        try {
            play(seed);
            return "";
        } catch (AssertionError failure) {
            return failure.getMessage();
        }
    }

    /** Plays a seed on the reference. */
    static List<String> play(long seed) {
        return Simulation.play(seed, InMemoryBackend::create, SimulationRun::objects);
    }

    private static ObjectStore objects(TestClock clock) {
        InMemoryObjectStore objects =
                InMemoryObjectStore.create(clock, Secret.of("a signing key for tests"));
        objects.serveAt(URI.create("http://objects.example"));
        return objects;
    }
}
