package dev.errand.jdbc.crash;

import dev.errand.spi.ProjectId;
import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Kills the {@link Workload} with SIGKILL at random moments, and holds what the database has then
 * against what the load wrote down: I1, I2, I3, I4, I7.
 *
 * <pre>
 * java -cp … dev.errand.jdbc.crash.KillTheProcess --kills 50
 * java -cp … dev.errand.jdbc.crash.KillTheProcess --kills 50 --database h2
 * </pre>
 *
 * <p>On PostgreSQL with fsync on, which outlives the load; or on a file of H2, which dies with it.
 * For H2, {@link KillAtWrites} finds more in less time.
 */
final class KillTheProcess {

    private final String url;
    private final Path directory;

    private KillTheProcess(String url, Path directory) {
        this.url = url;
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        CommandOptions options = CommandOptions.parse(arguments);
        Path directory = Files.createTempDirectory("errand-crash");
        KillSchedule kills = options.kills();
        CrashReport score = new CrashReport("process killed", kills.number(), true);
        if (options.text("database", "postgresql").equals("h2")) {
            run(fileIn(directory), directory, score, kills);
        } else {
            try (PostgresServer server = PostgresServer.startDurable()) {
                run(server.newDatabase("crash"), directory, score, kills);
            }
        }
        score.printAndExit(directory);
    }

    /** A file of H2. */
    static String fileIn(Path directory) {
        return "jdbc:h2:file:" + directory.resolve("errand");
    }

    /** Kills loads on this database, with journals and objects in the directory. */
    static void run(String url, Path directory, CrashReport score, KillSchedule kills)
            throws IOException, InterruptedException, SQLException {
        new KillTheProcess(url, directory).run(score, kills);
    }

    private void run(CrashReport score, KillSchedule kills)
            throws IOException, InterruptedException, SQLException {
        EngineClient.migrate(url);
        List<ProjectId> projects = new ArrayList<>();
        for (int kill = 1; kill <= kills.number(); kill++) {
            ProjectId project = ProjectId.of(kill);
            projects.add(project);
            killOnce(project, kills);
            awaitNobodyElse();
            try (EngineClient client = EngineClient.open(url, Workload.objectsIn(directory), 2)) {
                ConsistencyCheck inspection = inspectionOf(client, project);
                score.add(inspection, inspection.inspectAndRepeat());
            }
        }
        try (EngineClient client = EngineClient.open(url, Workload.objectsIn(directory), 2)) {
            for (ProjectId project : projects) {
                score.add(inspectionOf(client, project).inspectAndRepeat());
            }
        }
    }

    private ConsistencyCheck inspectionOf(EngineClient client, ProjectId project) {
        return new ConsistencyCheck(client, project, Workload.journalIn(directory, project));
    }

    private void killOnce(ProjectId project, KillSchedule kills)
            throws IOException, InterruptedException {
        try (JavaProcess load = JavaProcess.start(Workload.class, url, directory.toString())) {
            load.await("ready");
            load.order("begin " + project);
            kills.awaitNext();
            load.kill();
        }
    }

    /**
     * PostgreSQL may still be at the last statement of the killed: until it notices, things move.
     */
    private void awaitNobodyElse() throws SQLException {
        if (url.startsWith("jdbc:h2:")) {
            return;
        }
        try (Connection connection = DriverManager.getConnection(url);
                var statement =
                        connection.prepareStatement(
                                """
                                select count(*) from pg_stat_activity
                                where datname = current_database() and pid <> pg_backend_pid()""")) {
            long others;
            do {
                try (var result = statement.executeQuery()) {
                    result.next();
                    others = result.getLong(1);
                }
            } while (others > 0);
        }
    }
}
