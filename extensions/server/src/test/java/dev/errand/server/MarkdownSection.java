package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fenced blocks of one section of a page in {@code docs/}. */
final class MarkdownSection {

    private static final String FENCE = "```";

    private MarkdownSection() {}

    /** Returns the blocks of a language in the section with this heading, at least one. */
    static List<String> blocks(String page, String heading, String language) throws IOException {
        Path file = root().resolve(page);
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        boolean inSection = false;
        boolean inFence = false;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(FENCE)) {
                inFence = !inFence;
                if (block != null) {
                    blocks.add(block.toString());
                }
                boolean begins = inFence && inSection && line.equals(FENCE + language);
                block = begins ? new StringBuilder() : null;
            } else if (!inFence && line.startsWith("#")) {
                inSection = line.replaceFirst("#+ ", "").equals(heading);
            } else if (block != null) {
                block.append(line).append('\n');
            }
        }
        assertThat(blocks)
                .as("```%s blocks under '%s' in %s", language, heading, file)
                .isNotEmpty();
        return blocks;
    }

    private static Path root() throws IOException {
        Path directory = Path.of("").toRealPath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
