package dev.errand.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Markdown file of this repository.
 *
 * @param file its path
 * @param lines its text
 */
record MarkdownPage(Path file, List<String> lines) {

    private static final String FENCE = "```";
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.*)");
    private static final Pattern EXPLICIT_ANCHOR = Pattern.compile("<a id=\"([^\"]+)\"></a>");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern SOURCE = Pattern.compile("<!-- source: (\\S+) -->");

    /**
     * A fenced block.
     *
     * @param language the word after the fence, or empty
     * @param source the file that the comment above the block names
     * @param lines its lines, without the fences
     */
    record Block(String language, Optional<String> source, List<String> lines) {}

    static MarkdownPage read(Path file) {
        try {
            return new MarkdownPage(file, Files.readAllLines(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The fenced blocks, in order. */
    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        Optional<Block> open = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith(FENCE)) {
                open.ifPresent(block -> block.lines().add(line));
            } else if (open.isPresent()) {
                blocks.add(open.get());
                open = Optional.empty();
            } else {
                Matcher comment = SOURCE.matcher(i == 0 ? "" : lines.get(i - 1));
                Optional<String> source =
                        comment.matches() ? Optional.of(comment.group(1)) : Optional.empty();
                String language = line.substring(FENCE.length()).strip();
                open = Optional.of(new Block(language, source, new ArrayList<>()));
            }
        }
        return blocks;
    }

    /** The targets of its links, without those inside fenced blocks and code spans. */
    List<String> links() {
        return prose().stream()
                .map(line -> line.replaceAll("`[^`]*`", "code"))
                .flatMap(line -> LINK.matcher(line).results())
                .map(link -> link.group(1))
                .toList();
    }

    /** What can follow {@code #} in a link to this page. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (String line : prose()) {
            EXPLICIT_ANCHOR.matcher(line).results().map(it -> it.group(1)).forEach(anchors::add);
            Optional.of(HEADING.matcher(line))
                    .filter(Matcher::matches)
                    .map(MatchResult.class::cast)
                    .map(heading -> anchorOf(heading.group(1)))
                    .ifPresent(
                            anchor -> {
                                int earlier = seen.merge(anchor, 1, Integer::sum) - 1;
                                anchors.add(earlier == 0 ? anchor : anchor + "-" + earlier);
                            });
        }
        return anchors;
    }

    /** The anchor that GitHub gives a heading. */
    private static String anchorOf(String heading) {
        return heading.replaceAll("<[^>]*>", "")
                .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean inBlock = false;
        for (String line : lines) {
            if (line.startsWith(FENCE)) {
                inBlock = !inBlock;
            } else if (!inBlock) {
                prose.add(line);
            }
        }
        return prose;
    }
}
