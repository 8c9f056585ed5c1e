package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the operator commands of the operations guide line by line. */
class OperatorCommandsTest {

    private static final String PROMPT = "$ java -jar extensions/server/target/errand-server.jar ";
    private static final String AGENT = "if [ \"$(cat)\" = wait ]; then sleep 600; else exit 3; fi";

    @TempDir Path folder;

    @Test
    void examplesRunAgainstAServer() throws IOException {
        ServerOptions options =
                ServerOptions.DEFAULT.withPort(0).withAgents(ScriptedAgent.of(folder, AGENT));
        List<String> lines =
                MarkdownSection.blocks("docs/operations.md", "Commands for operators", "console")
                        .get(0)
                        .lines()
                        .toList();
        assertThat(lines).hasSizeGreaterThan(4).allMatch(line -> line.startsWith(PROMPT));

        try (ErrandServer server = ErrandServer.start(options)) {
            ApiTestClient api = ApiTestClient.of(server);
            api.createTask("number 0");
            String failed = api.createTask("fail");
            api.awaitEnd(failed, api.run(failed, ""));
            api.run(api.createTask("wait"), "");
            for (String line : lines) {
                StringWriter output = new StringWriter();
                PrintWriter both = new PrintWriter(output, true);
                Map<String, String> environment =
                        Map.of(
                                "ERRAND_URL",
                                server.url().toString(),
                                "ERRAND_TOKEN",
                                server.token().orElseThrow().reveal());

                int exitCode =
                        Main.run(
                                line.substring(PROMPT.length()).split(" "),
                                environment,
                                both,
                                both);

                assertThat(exitCode).as(line + "\n" + output).isZero();
                assertThat(output.toString()).isNotBlank();
            }
        }
    }
}
