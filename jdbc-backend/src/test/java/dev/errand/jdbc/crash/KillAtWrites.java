package dev.errand.jdbc.crash;

import dev.errand.spi.ProjectId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.springframework.util.FileSystemUtils;

/**
 * Compares H2 database files, in the state that a kill right after a write would leave, with the
 * journal of the {@link Workload} at that moment: docs/invariants.md#i1, #i2, #i3, #i4, #i7. It
 * covers many more moments than {@link KillTheProcess}, because no process is killed.
 *
 * <pre>
 * java -cp … dev.errand.jdbc.crash.KillAtWrites --moments 200
 * </pre>
 */
final class KillAtWrites {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final int CONNECTIONS = 8;
    private static final Duration LENGTH = Duration.ofMillis(1_000);
    private static final int WRITES_PER_MOMENT = 20;

    private KillAtWrites() {}

    public static void main(String[] arguments) throws Exception {
        int moments = CommandOptions.parse(arguments).number("moments", 200);
        Path directory = Files.createTempDirectory("errand-crash");
        CrashReport report = new CrashReport("moment", moments, true);
        run(directory, report, moments);
        report.printAndExit(directory);
    }

    /** Runs workloads one after another until the given number of moments is checked. */
    static void run(Path directory, CrashReport report, int moments) throws Exception {
        int checked = 0;
        for (int workload = 1; checked < moments; workload++) {
            Path folder = Files.createDirectory(directory.resolve("load-" + workload));
            List<Path> kept = momentsOf(folder);
            for (Path moment : kept.subList(0, Math.min(kept.size(), moments - checked))) {
                checked++;
                if (check(folder, moment, report)) {
                    FileSystemUtils.deleteRecursively(moment);
                }
            }
        }
    }

    private static List<Path> momentsOf(Path folder) throws Exception {
        String url = CapturingFileSystem.url(folder.resolve("errand"));
        EngineClient.migrate(url);
        Path path = Workload.journalOf(folder, PROJECT);
        try (EngineClient client = EngineClient.open(url, Workload.objectsOf(folder), CONNECTIONS);
                Journal journal = new Journal(path)) {
            CapturingFileSystem.begin(path, folder, WRITES_PER_MOMENT);
            return new Workload(client, PROJECT, journal)
                    .run(
                            () -> {
                                LockSupport.parkNanos(LENGTH.toNanos());
                                return CapturingFileSystem.end();
                            });
        }
    }

    /** Returns the violations. Reading a file with an incomplete transaction may fail anywhere. */
    private static List<String> check(ConsistencyCheck check, Path moment) {
        try {
            return check.checkAndRepeat();
        } catch (RuntimeException failure) {
            return List.of(moment + " fails: " + failure + " because of " + failure.getCause());
        }
    }

    /** Checks one moment, and returns whether there are no violations. */
    private static boolean check(Path folder, Path moment, CrashReport report) {
        String url = "jdbc:h2:file:" + CapturingFileSystem.database(moment);
        try (EngineClient client = EngineClient.open(url, Workload.objectsOf(folder), 2)) {
            ConsistencyCheck check =
                    new ConsistencyCheck(client, PROJECT, CapturingFileSystem.journal(moment));
            List<String> violations = check(check, moment);
            report.add(check, violations);
            return violations.isEmpty();
        }
    }
}
