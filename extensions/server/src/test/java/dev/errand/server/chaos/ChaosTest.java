package dev.errand.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short chaos run: a few dozen runs, short leases, each kind of fault. */
class ChaosTest {

    @TempDir Path folder;

    @Test
    void noInvariantIsViolated() throws Exception {
        ChaosSettings settings =
                new ChaosSettings(
                        40,
                        3,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofMillis(500),
                        Duration.ofMillis(500),
                        Fault.values().length,
                        400,
                        Duration.ofMinutes(2),
                        7);
        List<String> progress = new ArrayList<>();

        List<String> violations = new ChaosScenario(settings, folder, progress::add).run();

        assertThat(violations).as(String.join("\n", progress)).isEmpty();
    }
}
