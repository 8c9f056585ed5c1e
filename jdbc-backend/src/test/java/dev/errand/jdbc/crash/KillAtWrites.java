package dev.errand.jdbc.crash;

import dev.errand.spi.ProjectId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.springframework.util.FileSystemUtils;

/**
 * Holds the file of an H2 database, as a kill right after one of its writes would leave it, against
 * what the {@link Workload} had written down by then: I1, I2, I3, I4, I7. It tries many more
 * moments than {@link KillTheProcess}, for nothing is really killed.
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
        CrashReport score = new CrashReport("moment", moments, true);
        run(directory, score, moments);
        score.printAndExit(directory);
    }

    /** Lets loads work, one after the other, until so many of their moments were looked at. */
    static void run(Path directory, CrashReport score, int moments) throws Exception {
        int looked = 0;
        for (int load = 1; looked < moments; load++) {
            Path place = Files.createDirectory(directory.resolve("load-" + load));
            List<Path> kept = momentsOf(place);
            for (Path moment : kept.subList(0, Math.min(kept.size(), moments - looked))) {
                looked++;
                if (inspect(place, moment, score)) {
                    FileSystemUtils.deleteRecursively(moment);
                }
            }
        }
    }

    private static List<Path> momentsOf(Path place) throws Exception {
        String url = CapturingFileSystem.url(place.resolve("errand"));
        EngineClient.migrate(url);
        Path path = Workload.journalIn(place, PROJECT);
        try (EngineClient client = EngineClient.open(url, Workload.objectsIn(place), CONNECTIONS);
                Journal journal = new Journal(path)) {
            CapturingFileSystem.begin(path, place, WRITES_PER_MOMENT);
            return new Workload(client, PROJECT, journal)
                    .run(
                            () -> {
                                LockSupport.parkNanos(LENGTH.toNanos());
                                return CapturingFileSystem.end();
                            });
        }
    }

    /** What is wrong; a file with half of a transaction in it may fail anywhere. */
    private static List<String> inspect(ConsistencyCheck inspection, Path moment) {
        try {
            return inspection.inspectAndRepeat();
        } catch (RuntimeException failure) {
            return List.of(moment + " fails: " + failure + " because of " + failure.getCause());
        }
    }

    /** Whether all is well. */
    private static boolean inspect(Path place, Path moment, CrashReport score) {
        String url = "jdbc:h2:file:" + CapturingFileSystem.database(moment);
        try (EngineClient client = EngineClient.open(url, Workload.objectsIn(place), 2)) {
            ConsistencyCheck inspection =
                    new ConsistencyCheck(client, PROJECT, CapturingFileSystem.journal(moment));
            List<String> findings = inspect(inspection, moment);
            score.add(inspection, findings);
            return findings.isEmpty();
        }
    }
}
