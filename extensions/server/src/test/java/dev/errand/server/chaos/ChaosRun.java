package dev.errand.server.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Three servers on one PostgreSQL execute 2,000 runs of real processes while a fault is injected
 * every second: a server is killed and restarted, a sandbox is killed, the database is killed and
 * restarted after 3 s, a server is paused for 20 s so that its leases expire, or a superseded or
 * ended sandbox reports a status. Prints the progress and all violations of invariants; exits with
 * 1 if there are any.
 *
 * <pre>
 * java -Derrand.server.jar=extensions/server/target/errand-server.jar \
 *      -cp … dev.errand.server.chaos.ChaosRun --runs 2000 --seed 1
 * </pre>
 *
 * <p>{@link ChaosSettings} lists the other options. Files are kept if there are violations.
 */
final class ChaosRun {

    private ChaosRun() {}

    public static void main(String[] arguments) throws Exception {
        ChaosSettings settings = ChaosSettings.parse(arguments);
        Path folder = Files.createTempDirectory("errand-chaos");
        System.out.println(settings + " in " + folder);
        List<String> violations = new ChaosScenario(settings, folder, System.out::println).run();
        violations.forEach(line -> System.out.println("VIOLATION " + line));
        System.out.println(
                violations.isEmpty() ? "no violations" : violations.size() + " violations");
        System.exit(violations.isEmpty() ? 0 : 1);
    }
}
