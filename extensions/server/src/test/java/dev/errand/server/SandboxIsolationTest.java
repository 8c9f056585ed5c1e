package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server and an agent that attacks what its launcher relies on. */
class SandboxIsolationTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Set<String> TERMINAL = Set.of("completed", "failed", "cancelled");

    /** An agent whose prompt is a script. */
    private static final String AGENT = "sh -c 'eval \"$(cat)\"'";

    private static final List<String> OPTIONS =
            List.of("--launcher=process", "--grace-period=1s", "--agent-command=" + AGENT);

    private static final String REPLACE_BOOKKEEPING_BY_FIFOS =
            """
            cd "$ERRAND_WORKSPACE/../../launcher"
            for file in * stopped exceeded-limit; do rm -f $file; mkfifo $file; done
            : > "$ERRAND_WORKSPACE/../../../replaced"
            """;

    @TempDir Path folder;

    @Test
    void fifosInPlaceOfBookkeepingStopNoOtherRunAndNoShutdown() throws Exception {
        List<String> options = new ArrayList<>(TestStorage.H2.options(folder, "hostile"));
        options.addAll(OPTIONS);
        options.add("--slots=4");
        options.add("--work-dir=" + folder.resolve("work"));
        options.add("--migrate");
        String left;
        try (ServerProcess server = ServerProcess.start(folder, options)) {
            ApiTestClient api = new ApiTestClient(server.url(), server.readToken());
            String killing = api.createTask(REPLACE_BOOKKEEPING_BY_FIFOS + "kill -9 $PPID; exit 0");
            String killingRun = api.run(killing, "");
            String staying =
                    api.createTask(REPLACE_BOOKKEEPING_BY_FIFOS + "trap '' TERM; exec sleep 600");
            api.run(staying, "");
            String waiting = api.createTask("exec sleep 601");
            api.run(waiting, "");
            await().atMost(BOUND).until(() -> directoriesNamed("replaced") == 2);

            String honest = api.createTask("echo honest");
            JsonNode ended = api.awaitEnd(honest, api.run(honest, ""));
            assertThat(ended.get("status").textValue()).isEqualTo("completed");
            await().atMost(BOUND).until(() -> isEnded(api.getRun(killing, killingRun)));
            assertThat(api.delete("tasks/" + staying + "/").status()).isLessThan(300);
            assertThat(api.delete("tasks/" + waiting + "/").status()).isLessThan(300);
            await().atMost(BOUND).until(() -> directoriesNamed("attempt_1") == 0);

            left = api.createTask(REPLACE_BOOKKEEPING_BY_FIFOS + "exec sleep 602");
            api.run(left, "");
            await().atMost(BOUND).until(() -> directoriesNamed("attempt_1") == 1);
            server.terminate();
            server.awaitEnd();
        }
        try (ServerProcess next = ServerProcess.start(folder, options)) {
            ApiTestClient api = new ApiTestClient(next.url(), next.readToken());
            String honest = api.createTask("echo honest");
            JsonNode ended = api.awaitEnd(honest, api.run(honest, ""));

            assertThat(ended.get("status").textValue()).isEqualTo("completed");
            assertThat(api.delete("tasks/" + left + "/").status()).isLessThan(300);
            await().atMost(BOUND).until(() -> directoriesNamed("attempt_1") == 0);
        }
    }

    @Test
    void agentOfAnotherUserReadsNothingOfTheServerAndOfOtherRuns() throws Exception {
        List<String> users = unusedUsers();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        List<String> options = new ArrayList<>(TestStorage.H2.options(folder, "users"));
        options.addAll(OPTIONS);
        options.add("--slots=2");
        options.add("--sandbox-user=" + String.join(",", users));
        options.add("--work-dir=" + folder.resolve("work"));
        options.add("--migrate");
        try (ServerProcess server = ServerProcess.start(folder, options)) {
            ApiTestClient api = new ApiTestClient(server.url(), server.readToken());
            String victim =
                    api.createTask(
                            "id -un; echo \"at $ERRAND_API_TOKEN_FILE pid $$\"; exec sleep 603");
            String victimRun = api.run(victim, "");
            String victimLog =
                    await().atMost(BOUND)
                            .until(() -> log(api, victim, victimRun), it -> it.contains("pid "));
            String tokenFile = victimLog.replaceAll("(?s).*at ([^ ]+) pid .*", "$1");
            String victimPid = victimLog.replaceAll("(?s).* pid ([0-9]+).*", "$1");

            String attacker =
                    api.createTask(
                            """
                            id -un
                            cat %s && echo "read the key"
                            cat /proc/%d/environ && echo "read the environment of the server"
                            cat %s && echo "read the token"
                            cat /proc/%s/environ && echo "read the environment of the run"
                            ls %s && echo "listed sandboxes"
                            kill -9 %d && echo "killed the server"
                            kill -9 %s && echo "killed the run"
                            echo done
                            """
                                    .formatted(
                                            folder.resolve("users.key"),
                                            server.pid(),
                                            tokenFile,
                                            victimPid,
                                            folder.resolve("work"),
                                            server.pid(),
                                            victimPid));
            String attackerRun = api.run(attacker, "");
            JsonNode ended = api.awaitEnd(attacker, attackerRun);

            assertThat(ended.get("status").textValue()).isEqualTo("completed");
            assertThat(log(api, attacker, attackerRun))
                    .contains(users.get(1), "done")
                    .doesNotContain("read the", "listed", "killed");
            assertThat(victimLog).contains(users.get(0));
            assertThat(Files.readString(Path.of(tokenFile))).isNotEmpty();
            assertThat(api.getRun(victim, victimRun).get("status").textValue())
                    .isEqualTo("in_progress");
            assertThat(server.errors()).doesNotContain("agents run as the user");
            assertThat(api.delete("tasks/" + victim + "/").status()).isLessThan(300);
            await().atMost(BOUND).until(() -> directoriesNamed("attempt_1") == 0);
        }
    }

    @Test
    void serverWarnsWhenAgentsShareItsUserAndRefusesUsersThatItCannotUse() throws Exception {
        List<String> options = new ArrayList<>(OPTIONS);
        try (ServerProcess server = ServerProcess.start(folder, options)) {
            await().atMost(BOUND)
                    .until(() -> server.errors().contains("agents run as the user of this server"));
        }
        options.add("--sandbox-user=no-such-user");
        ServerProcess.Exit exit = ServerProcess.runUntilExit(folder, List.of(), options);

        assertThat(exit.exitCode()).isEqualTo(2);
        assertThat(exit.err()).contains("--sandbox-user: there is no user no-such-user");
    }

    /** Users that have no processes on an ordinary system. */
    private static List<String> unusedUsers() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("only the superuser can start programs as another user")
                .isEqualTo(0);
        List<String> unused = new ArrayList<>();
        for (String name : List.of("games", "news", "lp", "uucp", "mail")) {
            if (new ProcessBuilder("id", name).start().waitFor() == 0
                    && ProcessHandle.allProcesses()
                            .noneMatch(each -> each.info().user().equals(Optional.of(name)))) {
                unused.add(name);
            }
        }
        assumeThat(unused).as("users without processes").hasSizeGreaterThan(1);
        return unused.subList(0, 2);
    }

    private static String log(ApiTestClient api, String task, String run) throws IOException {
        return api.get(ApiTestClient.runPath(task, run) + "logs/").text();
    }

    private static boolean isEnded(JsonNode run) {
        return TERMINAL.contains(run.get("status").textValue());
    }

    private long directoriesNamed(String name) throws IOException {
        try (var all = Files.find(folder.resolve("work"), 4, (path, any) -> path.endsWith(name))) {
            return all.count();
        }
    }
}
