package dev.errand.jdbc.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.errand.testpostgres.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of this package, in small. */
final class CrashTest {

    @TempDir private Path directory;

    @BeforeEach
    void needServersToKill() {
        assumeThat(PostgresServer.canStart()).as("PostgreSQL for this machine").isTrue();
    }

    /** I1, I2, I3, I4, I7. */
    @Test
    void everythingAcknowledgedIsThereWhenTheProcessWasKilled() throws Exception {
        Score score = new Score("process", 3, false);
        try (PostgresServer server = PostgresServer.startDurable()) {
            KillTheProcess.run(
                    server.newDatabase("crash"),
                    directory,
                    score,
                    Kills.of(3, Duration.ofMillis(1_500)));
        }
        assertThat(score.findings()).isEmpty();
        assertThat(score.acknowledged()).isPositive();
    }

    /** I1, I2, I3, I4, I7; a number that was taken without waiting for the disk stays taken. */
    @Test
    void everythingAcknowledgedIsThereWhenTheDatabaseWasKilled() throws Exception {
        Score score = new Score("database", 2, false);
        try (PostgresServer server = PostgresServer.startDurable()) {
            KillTheDatabase.run(
                    server, "", directory, score, Kills.of(2, Duration.ofMillis(1_500)));
        }
        assertThat(score.findings()).isEmpty();
        assertThat(score.acknowledged()).isPositive();
    }

    /** Without it, the tests above could be blind. */
    @Test
    void whatACarelessDatabaseLosesIsFound() throws Exception {
        Score score = new Score("database", 1, false);
        try (PostgresServer server = PostgresServer.startDurable()) {
            KillTheDatabase.run(
                    server,
                    KillTheDatabase.CARELESS,
                    directory,
                    score,
                    new Kills(1, Duration.ofSeconds(3), alwaysLate()));
        }
        assertThat(score.findings()).isNotEmpty();
    }

    private static Random alwaysLate() {
        return new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public double nextDouble() {
                return 1;
            }
        };
    }
}
