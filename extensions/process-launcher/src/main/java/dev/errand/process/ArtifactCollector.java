package dev.errand.process;

import dev.errand.spi.sandbox.OutputArtifact;
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
 * Collects the regular files below the artifacts directory, ordered by relative path, up to the
 * limits. Symbolic links are not followed. Memory use is bounded by the limits, not by the number
 * of files. An instance collects once.
 */
final class ArtifactCollector {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_LISTED = 5;

    private final Path directory;
    private final ResultLimits resultLimits;
    private final TreeMap<String, OutputArtifact> found = new TreeMap<>();
    private final SkippedFiles tooLarge = new SkippedFiles();
    private final SkippedFiles tooMany = new SkippedFiles();
    private final SkippedFiles notFiles = new SkippedFiles();
    private final SkippedFiles unreadable = new SkippedFiles();
    private boolean isDirectoryReplaced;

    ArtifactCollector(Path directory, ResultLimits resultLimits) {
        this.directory = directory;
        this.resultLimits = resultLimits;
    }

    List<OutputArtifact> collect() throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(
                    directory, EnumSet.noneOf(FileVisitOption.class), MAX_DEPTH, new Visitor());
        } else {
            isDirectoryReplaced = Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
        }
        return List.copyOf(found.values());
    }

    /** Returns one sentence for each reason why files were left out. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (isDirectoryReplaced) {
            notes.add("all artifacts left out, their directory was replaced by another file");
        }
        tooLarge.addTo(notes, "larger than " + resultLimits.artifactBytes() + " bytes");
        tooMany.addTo(notes, "beyond the first " + resultLimits.artifacts());
        notFiles.addTo(notes, "not regular files, or nested too deeply");
        unreadable.addTo(notes, "unreadable");
        return notes;
    }

    private void consider(Path file, BasicFileAttributes attributes) {
        String name = directory.relativize(file).toString();
        if (!attributes.isRegularFile()) {
            notFiles.add(name);
        } else if (attributes.size() > resultLimits.artifactBytes()) {
            tooLarge.add(name);
        } else if (!Files.isReadable(file)) {
            unreadable.add(name);
        } else {
            found.put(name, produced(name, file, attributes.size()));
            if (found.size() > resultLimits.artifacts()) {
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
                () -> UntrustedFiles.newInputStream(file));
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            consider(file, attributes);
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

    /** Counts the files left out for one reason and keeps the first few names. */
    private static final class SkippedFiles {
        private final List<String> names = new ArrayList<>();
        private int count;

        void add(String name) {
            count++;
            if (names.size() < MAX_LISTED) {
                names.add(printable(name));
            }
        }

        void addTo(List<String> notes, String why) {
            if (count > 0) {
                String more = count > names.size() ? ", …" : "";
                notes.add(
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
