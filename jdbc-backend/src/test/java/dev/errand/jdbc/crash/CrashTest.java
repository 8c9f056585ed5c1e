package dev.errand.jdbc.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.errand.testpostgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of this package, in small. */
final class CrashTest {

    /** One is enough, but where the machine has so much to do that little is written before it. */
    private static final int MOST_CARELESS_KILLS = 5;

    private static PostgresServer server;

    @TempDir private Path directory;

    @BeforeAll
    static void startServer() {
        assumeThat(PostgresServer.canStart()).as("PostgreSQL for this machine").isTrue();
        server = PostgresServer.startDurable();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    /** I1, I2, I3, I4, I7. */
    @Test
    void everythingAcknowledgedIsThereWhenTheProcessWasKilled() throws Exception {
        CrashReport score = new CrashReport("process killed", 3, false);
        KillTheProcess.run(
                server.newDatabase("crash"),
                directory,
                score,
                KillSchedule.of(3, Duration.ofMillis(1_500)));
        assertThat(score.findings()).isEmpty();
        assertThat(score.acknowledged()).isPositive();
    }

    /** I1, I2, I3, I4, I7; a number that was taken without waiting for the disk stays taken. */
    @Test
    void everythingAcknowledgedIsThereWhenTheDatabaseWasKilled() throws Exception {
        CrashReport score = new CrashReport("database killed", 2, false);
        KillTheDatabase.run(
                server, "", directory, score, KillSchedule.of(2, Duration.ofMillis(1_500)));
        assertThat(score.findings()).isEmpty();
        assertThat(score.acknowledged()).isPositive();
    }

    /** Without it, the tests above could be blind. */
    @Test
    void whatACarelessDatabaseLosesIsFound() throws Exception {
        CrashReport score = new CrashReport("database killed", MOST_CARELESS_KILLS, false);
        for (int i = 0; i < MOST_CARELESS_KILLS && score.findings().isEmpty(); i++) {
            KillTheDatabase.run(
                    server,
                    KillTheDatabase.CARELESS,
                    Files.createDirectory(directory.resolve("kill-" + i)),
                    score,
                    new KillSchedule(1, Duration.ofSeconds(2), alwaysLate()));
        }
        assertThat(score.findings()).isNotEmpty();
    }

    /** I6. */
    @Test
    void everyRunIsClaimedByOneOfTwoProcessesAtATime() throws Exception {
        LeaseCheck leases = TwoNodes.play(server.newDatabase("nodes"), directory, 500, 1);
        assertThat(leases.inspect()).isEmpty();
        assertThat(leases.runs()).isEqualTo(500);
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
