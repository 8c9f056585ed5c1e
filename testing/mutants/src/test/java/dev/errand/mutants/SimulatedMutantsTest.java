package dev.errand.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.tck.TestClock;
import dev.errand.testkit.Simulation;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checks that the simulation finds mutants of every failure mode, and that a seed reproduces the
 * failure.
 */
class SimulatedMutantsTest {

    private static final long SEEDS = 1_000;

    private final PrintStream log = System.err;

    /** Failing nodes log so much that writing the logs would dominate the run time. */
    @BeforeEach
    void disableLogging() {
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    }

    @AfterEach
    void restoreLogging() {
        System.setErr(log);
    }

    @ParameterizedTest
    @CsvSource({
        "W1 RunStore.update: overwrites a terminal status",
        "W2 RunStore.insert: does not queue the run",
        "W3 RunQueue.claim: returns every run only once",
        "W4 RunQueue.claim: releases its leases immediately",
        "W5 TaskStore.insert: ignores the idempotency key",
        "W5 RunStore.insert: ignores the idempotency key",
        "W5 RunStore.insert: consumes no staged artifacts",
        "W6 TaskStore.find: ignores the project"
    })
    void mutantIsFoundAndItsSeedReproducesTheFailure(String name) {
        Mutant mutant = Mutants.named(name);

        long seed =
                LongStream.range(0, SEEDS)
                        .filter(it -> failure(mutant, it).isPresent())
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(mutant + " is not found"));

        AssertionError found = failure(mutant, seed).orElseThrow();
        System.out.printf("%s is found by %s%n", mutant, found.getMessage());
        assertThat(found).hasMessageStartingWith("seed " + seed + ":");
        assertThat(failure(mutant, seed).orElseThrow()).hasMessage(found.getMessage());
    }

    private static Optional<AssertionError> failure(Mutant mutant, long seed) {
        return Optional.ofNullable(
                catchThrowableOfType(
                        AssertionError.class,
                        () ->
                                Simulation.play(
                                        seed,
                                        clock ->
                                                MutantProxies.backend(
                                                        mutant, InMemoryBackend.create(clock)),
                                        SimulatedMutantsTest::objects)));
    }

    private static ObjectStore objects(TestClock clock) {
        InMemoryObjectStore objects =
                InMemoryObjectStore.create(clock, Secret.of("a signing key for tests"));
        objects.setBaseUrl(URI.create("http://objects.example"));
        return objects;
    }
}
