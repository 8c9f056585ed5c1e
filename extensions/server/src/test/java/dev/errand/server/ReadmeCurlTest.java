package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows under "Over HTTP" works as it stands there. */
class ReadmeCurlTest {

    private static final String HEADING = "Over HTTP";
    private static final String FENCE = "```";
    private static final String AGENT =
            """
            echo "asked to: $(cat)"
            ls "$ERRAND_ATTACHMENTS_DIR"
            echo '{"done": true}' > "$ERRAND_OUTPUT_FILE"
            """;

    @TempDir Path folder;

    @Test
    void theExamplesRunAgainstAServer() throws Exception {
        Path readme = readme();
        assumeThat(readme).exists();
        List<String> blocks = blocks(Files.readString(readme));
        assertThat(blocks).as("```bash blocks under '%s' in %s", HEADING, readme).isNotEmpty();
        Path script = Files.writeString(folder.resolve("examples.sh"), script(blocks));
        ServerOptions options =
                ServerOptions.DEFAULT.withPort(0).withAgents(ScriptedAgent.of(folder, AGENT));

        try (ErrandServer server = ErrandServer.start(options)) {
            Path said = folder.resolve("said");
            ProcessBuilder bash =
                    new ProcessBuilder("bash", script.toString())
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile());
            bash.environment().put("ERRAND_URL", server.url().toString());
            bash.environment().put("ERRAND_TOKEN", server.token().orElseThrow().reveal());
            Process process = bash.start();
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            process.destroyForcibly();

            assertThat(ended).as(Files.readString(said)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        }
    }

    /** One shell for all of them, as a reader has; the first that fails ends it. */
    private static String script(List<String> blocks) {
        StringBuilder script = new StringBuilder("set -euo pipefail\n");
        for (int i = 0; i < blocks.size(); i++) {
            script.append("echo; echo '--- block %d'\n".formatted(i + 1)).append(blocks.get(i));
        }
        return script.toString();
    }

    private static List<String> blocks(String readme) {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        boolean inFence = false;
        int sectionLevel = 0;
        for (String line : readme.lines().toList()) {
            int level = inFence ? 0 : headingLevel(line);
            if (level > 0 && line.substring(level).strip().equals(HEADING)) {
                sectionLevel = level;
            } else if (level > 0 && level <= sectionLevel) {
                sectionLevel = 0;
            } else if (line.startsWith(FENCE)) {
                inFence = !inFence;
                if (block != null) {
                    blocks.add(block.toString());
                }
                boolean begins = inFence && sectionLevel > 0 && line.equals(FENCE + "bash");
                block = begins ? new StringBuilder() : null;
            } else if (block != null) {
                block.append(line).append('\n');
            }
        }
        return blocks;
    }

    private static int headingLevel(String line) {
        int level = 0;
        while (level < line.length() && line.charAt(level) == '#') {
            level++;
        }
        return level < line.length() && line.charAt(level) == ' ' ? level : 0;
    }

    /** The one beside the parent of all modules. */
    private static Path readme() throws IOException {
        Path place = Path.of("").toRealPath();
        while (!Files.isDirectory(place.resolve(".mvn"))) {
            place = place.getParent();
        }
        return place.resolve("README.md");
    }
}
