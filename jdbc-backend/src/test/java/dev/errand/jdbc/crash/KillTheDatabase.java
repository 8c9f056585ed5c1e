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
 * Kills PostgreSQL with SIGKILL at random moments, all of its processes at once, and starts it on
 * what was left, while the {@link Workload} goes on and connects again. Then everything must be as
 * the load wrote it down: I1, I2, I3, I4, I7; and nothing of earlier kills may have changed.
 *
 * <pre>
 * java -cp … dev.errand.jdbc.crash.KillTheDatabase --kills 50
 * </pre>
 *
 * <p>With {@code --commit careless} the load asks for commits that do not wait for the disk; then
 * things must be found to be lost, or this finds nothing.
 */
final class KillTheDatabase {

    /** Makes every commit of a connection one that is acknowledged before it is on the disk. */
    static final String CARELESS = "&options=-c%20synchronous_commit=off";

    /** How long the load goes on with the database that came back. */
    private static final Duration AFTERWARDS = Duration.ofMillis(500);

    private KillTheDatabase() {}

    public static void main(String[] arguments) throws Exception {
        CommandOptions options = CommandOptions.parse(arguments);
        KillSchedule kills = options.kills();
        CrashReport score = new CrashReport("database killed", kills.number(), true);
        Path directory = Files.createTempDirectory("errand-crash");
        String commit = options.text("commit", "durable").equals("careless") ? CARELESS : "";
        try (PostgresServer server = PostgresServer.startDurable()) {
            run(server, commit, directory, score, kills);
        }
        score.printAndExit(directory);
    }

    /**
     * Kills the server under a load.
     *
     * @param commit what is added to the URL of the load
     */
    static void run(
            PostgresServer server,
            String commit,
            Path directory,
            CrashReport score,
            KillSchedule kills)
            throws IOException, InterruptedException, SQLException {
        String url = server.newDatabase("crash");
        EngineClient.migrate(url);
        List<ProjectId> projects = new ArrayList<>();
        try (JavaProcess load =
                JavaProcess.start(Workload.class, url + commit, directory.toString())) {
            load.await("ready");
            for (int kill = 1; kill <= kills.number(); kill++) {
                ProjectId project = ProjectId.of(kill);
                projects.add(project);
                load.order("begin " + project);
                kills.awaitNext();
                server.crash();
                server.restart();
                LockSupport.parkNanos(AFTERWARDS.toNanos());
                load.order("end");
                load.await("ended");
                try (EngineClient client = EngineClient.open(url, directory.resolve("unused"), 2)) {
                    ConsistencyCheck inspection =
                            new ConsistencyCheck(
                                    client, project, Workload.journalIn(directory, project));
                    score.add(inspection, inspection.inspectAndRepeat());
                }
            }
        }
        try (EngineClient client = EngineClient.open(url, directory.resolve("unused"), 2)) {
            for (ProjectId project : projects) {
                Path journal = Workload.journalIn(directory, project);
                score.add(new ConsistencyCheck(client, project, journal).inspectAndRepeat());
            }
        }
    }
}
