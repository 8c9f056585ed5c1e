package dev.errand.jdbc.crash;

import dev.errand.spi.ProjectId;
import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills all processes of PostgreSQL with SIGKILL at random times and restarts it, while the {@link
 * Workload} continues and reconnects. Compares the database with the journal:
 * docs/invariants.md#i1, #i2, #i3, #i4, #i7, also for the projects of earlier kills.
 *
 * <pre>
 * java -cp … dev.errand.jdbc.crash.KillTheDatabase --kills 50
 * </pre>
 *
 * <p>{@code --commit careless} checks this test: commits do not wait for the disk, so it must
 * detect lost data.
 */
final class KillTheDatabase {

    /** Connection settings with which commits are acknowledged before they are on disk. */
    static final String ASYNCHRONOUS_COMMIT = "&options=-c%20synchronous_commit=off";

    /** How long the workload continues after the restart. */
    private static final Duration TIME_AFTER_RESTART = Duration.ofMillis(500);

    private KillTheDatabase() {}

    public static void main(String[] arguments) throws Exception {
        CommandOptions options = CommandOptions.parse(arguments);
        KillSchedule kills = options.kills();
        CrashReport report = new CrashReport("database killed", kills.number(), true);
        Path directory = Files.createTempDirectory("errand-crash");
        String commit =
                options.text("commit", "durable").equals("careless") ? ASYNCHRONOUS_COMMIT : "";
        try (PostgresServer server = PostgresServer.startDurable()) {
            run(server, commit, directory, report, kills);
        }
        report.printAndExit(directory);
    }

    /**
     * Kills the server while a workload runs.
     *
     * @param commit a suffix of the URL that the workload uses
     */
    static void run(
            PostgresServer server,
            String commit,
            Path directory,
            CrashReport report,
            KillSchedule kills)
            throws IOException, InterruptedException, SQLException {
        String url = server.newDatabase("crash");
        EngineClient.migrate(url);
        List<ProjectId> projects = new ArrayList<>();
        try (JavaProcess workload =
                JavaProcess.start(Workload.class, url + commit, directory.toString())) {
            workload.await("ready");
            for (int kill = 1; kill <= kills.number(); kill++) {
                ProjectId project = ProjectId.of(kill);
                projects.add(project);
                workload.send("begin " + project);
                kills.awaitNext();
                server.crash();
                server.restart();
                LockSupport.parkNanos(TIME_AFTER_RESTART.toNanos());
                workload.send("end");
                workload.await("ended");
                try (EngineClient client = EngineClient.open(url, directory.resolve("unused"), 2)) {
                    ConsistencyCheck check =
                            new ConsistencyCheck(
                                    client, project, Workload.journalOf(directory, project));
                    report.add(check, check.checkAndRepeat());
                }
            }
        }
        try (EngineClient client = EngineClient.open(url, directory.resolve("unused"), 2)) {
            for (ProjectId project : projects) {
                Path journal = Workload.journalOf(directory, project);
                report.add(new ConsistencyCheck(client, project, journal).checkAndRepeat());
            }
        }
    }
}
