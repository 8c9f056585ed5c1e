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

/** Short runs of the commands of this package. */
final class CrashTest {

    /** One kill suffices, unless the machine is so busy that little is written before it. */
    private static final int MAX_KILLS = 5;

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

    /** docs/invariants.md#i1, #i2, #i3, #i4, #i7. */
    @Test
    void acknowledgedChangesSurviveAKillOfTheProcess() throws Exception {
        CrashReport report = new CrashReport("process killed", 3, false);
        KillTheProcess.run(
                server.newDatabase("crash"),
                directory,
                report,
                KillSchedule.of(3, Duration.ofMillis(1_500)));
        assertThat(report.violations()).isEmpty();
        assertThat(report.acknowledged()).isPositive();
    }

    /**
     * docs/invariants.md#i1, #i2, #i3, #i4, #i7; a number that was allocated without waiting for
     * the disk is not allocated again.
     */
    @Test
    void acknowledgedChangesSurviveAKillOfTheDatabase() throws Exception {
        CrashReport report = new CrashReport("database killed", 2, false);
        KillTheDatabase.run(
                server, "", directory, report, KillSchedule.of(2, Duration.ofMillis(1_500)));
        assertThat(report.violations()).isEmpty();
        assertThat(report.acknowledged()).isPositive();
    }

    /** Verifies that the tests above detect lost data. */
    @Test
    void dataLostWithAsynchronousCommitsIsDetected() throws Exception {
        CrashReport report = new CrashReport("database killed", MAX_KILLS, false);
        for (int i = 0; i < MAX_KILLS && report.violations().isEmpty(); i++) {
            KillTheDatabase.run(
                    server,
                    KillTheDatabase.ASYNCHRONOUS_COMMIT,
                    Files.createDirectory(directory.resolve("kill-" + i)),
                    report,
                    new KillSchedule(1, Duration.ofSeconds(2), alwaysMaximum()));
        }
        assertThat(report.violations()).isNotEmpty();
    }

    /** docs/invariants.md#i6. */
    @Test
    void aRunIsLeasedByOneProcessAtATime() throws Exception {
        LeaseCheck leases = TwoNodes.run(server.newDatabase("nodes"), directory, 500, 1);
        assertThat(leases.check()).isEmpty();
        assertThat(leases.runs()).isEqualTo(500);
    }

    private static Random alwaysMaximum() {
        return new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public double nextDouble() {
                return 1;
            }
        };
    }
}
