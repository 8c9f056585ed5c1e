package dev.errand.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chaos run in short: a few dozen runs, short leases, each of what can happen. */
class ChaosTest {

    @TempDir Path folder;

    @Test
    void everyRunIsWhereItShouldBe() throws Exception {
        Plan plan =
                new Plan(
                        40,
                        3,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(500),
                        Duration.ofMillis(500),
                        Mischief.values().length,
                        400,
                        Duration.ofMinutes(2),
                        7);
        List<String> progress = new ArrayList<>();

        List<String> wrong = new Chaos(plan, folder, progress::add).run();

        assertThat(wrong).as(String.join("\n", progress)).isEmpty();
    }
}
