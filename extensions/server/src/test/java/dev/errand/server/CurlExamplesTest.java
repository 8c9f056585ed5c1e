package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The curl examples of the wire reference work as they are printed. */
class CurlExamplesTest {

    private static final String AGENT =
            """
            echo "asked to: $(cat)"
            ls "$ERRAND_ATTACHMENTS_DIR"
            echo '{"done": true}' > "$ERRAND_OUTPUT_FILE"
            """;

    @TempDir Path folder;

    @Test
    void examplesRunAgainstAServer() throws Exception {
        List<String> blocks =
                MarkdownSection.blocks("docs/wire/README.md", "Try it with curl", "bash");
        Path script = Files.writeString(folder.resolve("examples.sh"), script(blocks));
        ServerOptions options =
                ServerOptions.DEFAULT.withPort(0).withAgents(ScriptedAgent.of(folder, AGENT));

        try (ErrandServer server = ErrandServer.start(options)) {
            Path output = folder.resolve("output");
            ProcessBuilder bash =
                    new ProcessBuilder("bash", script.toString())
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile());
            bash.environment().put("ERRAND_URL", server.url().toString());
            bash.environment().put("ERRAND_TOKEN", server.token().orElseThrow().reveal());
            Process process = bash.start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            process.destroyForcibly();

            assertThat(ended).as(Files.readString(output)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        }
    }

    /**
     * Joins all blocks into one script, so that they share variables. It ends at the first failure.
     */
    private static String script(List<String> blocks) {
        StringBuilder script = new StringBuilder("set -euo pipefail\n");
        for (int i = 0; i < blocks.size(); i++) {
            script.append("echo; echo '--- block %d'\n".formatted(i + 1)).append(blocks.get(i));
        }
        return script.toString();
    }
}
