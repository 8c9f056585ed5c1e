package dev.errand.process;

import dev.errand.spi.dispatch.OutputArtifact;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Finds the files below the artifacts directory: regular ones, by their relative path with slashes,
 * the first by name up to the bound. Links are not followed. However many there are, it holds no
 * more than the bound. One search.
 */
final class ArtifactSearch {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_NAMED = 5;

    private final Path directory;
    private final Bounds bounds;
    private final TreeMap<String, OutputArtifact> found = new TreeMap<>();
    private final Refused tooLarge = new Refused();
    private final Refused tooMany = new Refused();
    private final Refused notFiles = new Refused();
    private final Refused unreadable = new Refused();

    ArtifactSearch(Path directory, Bounds bounds) {
        this.directory = directory;
        this.bounds = bounds;
    }

    List<OutputArtifact> find() throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(
                    directory, EnumSet.noneOf(FileVisitOption.class), MAX_DEPTH, new Visitor());
        }
        return List.copyOf(found.values());
    }

    /** What was left out, and why, a sentence each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        tooLarge.addTo(problems, "larger than " + bounds.artifactBytes() + " bytes");
        tooMany.addTo(problems, "beyond the first " + bounds.artifacts());
        notFiles.addTo(problems, "no regular files, or too deep");
        unreadable.addTo(problems, "unreadable");
        return problems;
    }

    private void add(Path file, BasicFileAttributes attributes) {
        String name = directory.relativize(file).toString();
        if (!attributes.isRegularFile()) {
            notFiles.add(name);
        } else if (attributes.size() > bounds.artifactBytes()) {
            tooLarge.add(name);
        } else if (!Files.isReadable(file)) {
            unreadable.add(name);
        } else {
            found.put(name, produced(name, file, attributes.size()));
            if (found.size() > bounds.artifacts()) {
                tooMany.add(Objects.requireNonNull(found.pollLastEntry()).getKey());
            }
        }
    }

    private static OutputArtifact produced(String name, Path file, long sizeInBytes) {
        String contentType = URLConnection.guessContentTypeFromName(name);
        return new OutputArtifact(
                name,
                sizeInBytes,
                contentType == null ? "" : contentType,
                () -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            add(file, attributes);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            unreadable.add(directory.relativize(file).toString());
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, IOException failure) {
            if (failure != null) {
                unreadable.add(directory.relativize(visited).toString());
            }
            return FileVisitResult.CONTINUE;
        }
    }

    /** Counts what was left out and names the first few. */
    private static final class Refused {
        private final List<String> names = new ArrayList<>();
        private int count;

        void add(String name) {
            count++;
            if (names.size() < MAX_NAMED) {
                names.add(printable(name));
            }
        }

        void addTo(List<String> problems, String why) {
            if (count > 0) {
                String more = count > names.size() ? ", …" : "";
                problems.add(
                        "%d artifacts left out, %s: %s%s"
                                .formatted(count, why, String.join(", ", names), more));
            }
        }

        private static String printable(String name) {
            String clean = name.replaceAll("\\p{Cntrl}", "?");
            return clean.length() <= MAX_NAME_LENGTH
                    ? clean
                    : clean.substring(0, MAX_NAME_LENGTH) + "…";
        }
    }
}
