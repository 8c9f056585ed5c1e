package dev.errand.server.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Three servers on one PostgreSQL execute 2,000 runs of real processes, while every second one of
 * these happens: a server is killed and started again, a sandbox is killed, the database is killed
 * and comes back after 3 s, a server is paused for 20 s so that its leases run out, a superseded or
 * ended sandbox reports. Prints how it goes, and what is wrong afterwards; exits with 1 if anything
 * is.
 *
 * <pre>
 * java -Derrand.server.jar=extensions/server/target/errand-server.jar \
 *      -cp … dev.errand.server.chaos.ChaosRun --runs 2000 --seed 1
 * </pre>
 *
 * <p>{@link Plan} has the other options. The files stay where something is wrong.
 */
final class ChaosRun {

    private ChaosRun() {}

    public static void main(String[] arguments) throws Exception {
        Plan plan = Plan.parse(arguments);
        Path folder = Files.createTempDirectory("errand-chaos");
        System.out.println(plan + " in " + folder);
        List<String> wrong = new Chaos(plan, folder, System.out::println).run();
        wrong.forEach(line -> System.out.println("WRONG " + line));
        System.out.println(wrong.isEmpty() ? "all is well" : wrong.size() + " things are wrong");
        System.exit(wrong.isEmpty() ? 0 : 1);
    }
}
