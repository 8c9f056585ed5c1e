package dev.errand.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.tck.TestClock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Generated sequences of operations can be executed, with the same result for the same seed. */
class OperationsProperties {

    private static final ProjectId PROJECT = ProjectId.of(1);

    @Property(tries = 60)
    void aSequenceHasTheSameResultEachTime(@ForAll("histories") List<Operation> history) {
        List<Object> once = played(history);

        assertThat(once).isNotEmpty().isEqualTo(played(history));
    }

    /** Returns all events and whether each operation was executed. */
    private static List<Object> played(List<Operation> history) {
        TestClock clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
        RandomSeed seed = RandomSeed.of(7);
        RecordingListener listener = new RecordingListener();
        Operation.Created created = new Operation.Created();
        List<Boolean> happened;
        try (Errand errand =
                Errand.builder(
                                InMemoryBackend.create(clock),
                                InMemoryObjectStore.create(
                                        clock, Secret.of("a signing key for tests")),
                                ProjectDirectory.of(new Project(PROJECT, "Acme Mobile App")))
                        .clock(clock)
                        .random(seed.random())
                        .ids(seed.ids())
                        .listener(listener)
                        .build()) {
            ProjectClient api = errand.project(PROJECT, Caller.host());
            happened = history.stream().map(it -> it.play(api, created)).toList();
        }
        assertThat(created.tasks()).isNotEmpty();
        return Stream.<Object>concat(listener.events().stream(), happened.stream()).toList();
    }

    @Provide
    Arbitrary<List<Operation>> histories() {
        return Operations.histories(40);
    }
}
