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
 * Kills the {@link Workload} with SIGKILL at random times, and compares the database with the
 * journal: docs/invariants.md#i1, #i2, #i3, #i4, #i7.
 *
 * <pre>
 * java -cp … dev.errand.jdbc.crash.KillTheProcess --kills 50
 * java -cp … dev.errand.jdbc.crash.KillTheProcess --kills 50 --database h2
 * </pre>
 *
 * <p>Runs on a PostgreSQL server with fsync on, which survives the kill, or on an H2 file. For H2,
 * {@link KillAtWrites} covers more moments in less time.
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
        CrashReport report = new CrashReport("process killed", kills.number(), true);
        if (options.text("database", "postgresql").equals("h2")) {
            run(fileIn(directory), directory, report, kills);
        } else {
            try (PostgresServer server = PostgresServer.startDurable()) {
                run(server.newDatabase("crash"), directory, report, kills);
            }
        }
        report.printAndExit(directory);
    }

    /** Returns the URL of an H2 file. */
    static String fileIn(Path directory) {
        return "jdbc:h2:file:" + directory.resolve("errand");
    }

    /** Kills workloads on this database, with journals and objects in the directory. */
    static void run(String url, Path directory, CrashReport report, KillSchedule kills)
            throws IOException, InterruptedException, SQLException {
        new KillTheProcess(url, directory).run(report, kills);
    }

    private void run(CrashReport report, KillSchedule kills)
            throws IOException, InterruptedException, SQLException {
        EngineClient.migrate(url);
        List<ProjectId> projects = new ArrayList<>();
        for (int kill = 1; kill <= kills.number(); kill++) {
            ProjectId project = ProjectId.of(kill);
            projects.add(project);
            killOnce(project, kills);
            awaitOtherConnectionsClosed();
            try (EngineClient client = EngineClient.open(url, Workload.objectsOf(directory), 2)) {
                ConsistencyCheck check = checkOf(client, project);
                report.add(check, check.checkAndRepeat());
            }
        }
        try (EngineClient client = EngineClient.open(url, Workload.objectsOf(directory), 2)) {
            for (ProjectId project : projects) {
                report.add(checkOf(client, project).checkAndRepeat());
            }
        }
    }

    private ConsistencyCheck checkOf(EngineClient client, ProjectId project) {
        return new ConsistencyCheck(client, project, Workload.journalOf(directory, project));
    }

    private void killOnce(ProjectId project, KillSchedule kills)
            throws IOException, InterruptedException {
        try (JavaProcess workload = JavaProcess.start(Workload.class, url, directory.toString())) {
            workload.await("ready");
            workload.send("begin " + project);
            kills.awaitNext();
            workload.kill();
        }
    }

    /**
     * Waits until PostgreSQL has noticed the kill and completed the last statement of the workload.
     */
    private void awaitOtherConnectionsClosed() throws SQLException {
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
