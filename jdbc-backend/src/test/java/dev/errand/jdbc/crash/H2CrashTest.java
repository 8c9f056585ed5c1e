package dev.errand.jdbc.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of this package that are about a file of H2, in small. */
final class H2CrashTest {

    @TempDir private Path directory;

    /** I1, I2, I3, I4, I7. */
    @Test
    void everythingAcknowledgedIsThereWhenTheProcessWasKilled() throws Exception {
        CrashReport score = new CrashReport("process killed", 2, false);
        KillTheProcess.run(
                KillTheProcess.fileIn(directory),
                directory,
                score,
                KillSchedule.of(2, Duration.ofMillis(1_500)));
        assertThat(score.findings()).isEmpty();
        assertThat(score.acknowledged()).isPositive();
    }

    /** I1, I2, I3, I4, I7; when writing steps did not take turns, one moment of 50 was wrong. */
    @Test
    void everythingAcknowledgedIsInTheFileAtAnyMoment() throws Exception {
        CrashReport score = new CrashReport("moment", 20, false);
        KillAtWrites.run(directory, score, 20);
        assertThat(score.findings()).isEmpty();
        assertThat(score.acknowledged()).isPositive();
    }
}
