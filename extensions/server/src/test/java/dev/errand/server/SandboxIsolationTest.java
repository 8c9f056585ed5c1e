package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
            List.of(
                    "--launcher=process",
                    "--slots=4",
                    "--grace-period=1s",
                    "--agent-command=" + AGENT);

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

    private static boolean isEnded(JsonNode run) {
        return TERMINAL.contains(run.get("status").textValue());
    }

    private long directoriesNamed(String name) throws IOException {
        try (var all = Files.find(folder.resolve("work"), 4, (path, any) -> path.endsWith(name))) {
            return all.count();
        }
    }
}
