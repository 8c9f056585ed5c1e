package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The code blocks of the README by section. */
final class ReadmeSections {

    private static final String FENCE = "```";

    private ReadmeSections() {}

    /** Returns the blocks of a language under a heading, at least one. */
    static List<String> blocks(String heading, String language) throws IOException {
        Path readme = readme();
        List<String> blocks = blocks(Files.readString(readme), heading, language);
        assertThat(blocks)
                .as("```%s blocks under '%s' in %s", language, heading, readme)
                .isNotEmpty();
        return blocks;
    }

    private static List<String> blocks(String readme, String heading, String language) {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        boolean inFence = false;
        int sectionLevel = 0;
        for (String line : readme.lines().toList()) {
            int level = inFence ? 0 : headingLevel(line);
            if (level > 0 && line.substring(level).strip().equals(heading)) {
                sectionLevel = level;
            } else if (level > 0 && level <= sectionLevel) {
                sectionLevel = 0;
            } else if (line.startsWith(FENCE)) {
                inFence = !inFence;
                if (block != null) {
                    blocks.add(block.toString());
                }
                boolean begins = inFence && sectionLevel > 0 && line.equals(FENCE + language);
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

    /** The README in the root directory of the repository. */
    private static Path readme() throws IOException {
        Path directory = Path.of("").toRealPath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory.resolve("README.md");
    }
}
