package dev.errand.jdbc.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short runs of the commands of this package on an H2 file. */
final class H2CrashTest {

    @TempDir private Path directory;

    /** docs/invariants.md#i1, #i2, #i3, #i4, #i7. */
    @Test
    void acknowledgedChangesSurviveAKillOfTheProcess() throws Exception {
        CrashReport report = new CrashReport("process killed", 2, false);
        KillTheProcess.run(
                KillTheProcess.fileIn(directory),
                directory,
                report,
                KillSchedule.of(2, Duration.ofMillis(1_500)));
        assertThat(report.violations()).isEmpty();
        assertThat(report.acknowledged()).isPositive();
    }

    /**
     * docs/invariants.md#i1, #i2, #i3, #i4, #i7. Without serialized writes, one moment in 50
     * violated them.
     */
    @Test
    void acknowledgedChangesAreInTheFileAtAnyMoment() throws Exception {
        CrashReport report = new CrashReport("moment", 20, false);
        KillAtWrites.run(directory, report, 20);
        assertThat(report.violations()).isEmpty();
        assertThat(report.acknowledged()).isPositive();
    }
}
