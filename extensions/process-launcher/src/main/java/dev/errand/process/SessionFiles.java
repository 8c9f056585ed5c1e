package dev.errand.process;

import dev.errand.agents.AgentResult;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.AgentReport.ConversationFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;

/**
 * Keeps the file in which an agent program has its conversation, before the program's private
 * directory is deleted. The agent may have put anything into that directory: symbolic links are not
 * followed, and the size and the number of files are limited.
 */
final class SessionFiles {

    /** The largest file that is kept, in bytes. */
    static final long MAX_BYTES = 10L * 1024 * 1024;

    private static final int MAX_DEPTH = 8;
    private static final int MAX_VISITED = 100_000;

    private SessionFiles() {}

    /**
     * Copies the file to the launcher's directory. Does nothing if it was copied before, or if the
     * program named no conversation. Called when no process of the sandbox is alive.
     *
     * @return a note if there is a file that is too large
     */
    static Optional<String> keep(
            SandboxDirectory directory,
            ActiveProfile profile,
            int exitCode,
            Optional<StopReason> stop,
            Instant now)
            throws IOException {
        if (Files.exists(directory.conversation(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        AgentResult result = AgentResultReader.read(directory, profile, exitCode, stop, now);
        // The program's output is not trusted, and a pattern would match other files.
        Optional<Path> found =
                result.sessionId().filter(id -> id.matches("[A-Za-z0-9][A-Za-z0-9_-]*")).isPresent()
                        ? find(
                                directory.program(),
                                profile.profile().sessionFile(result.sessionId().get()))
                        : Optional.empty();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream content = UntrustedFiles.newInputStream(found.get())) {
            byte[] bytes = content.readNBytes(Math.toIntExact(MAX_BYTES + 1));
            if (bytes.length > MAX_BYTES) {
                return Optional.of(
                        "the conversation is larger than "
                                + MAX_BYTES
                                + " bytes, so that it cannot be resumed");
            }
            PrivateFiles.replace(directory.conversation(), bytes);
            return Optional.empty();
        }
    }

    /** Returns the file that was kept, if there is one. */
    static Optional<ConversationFile> kept(SandboxDirectory directory) {
        Path file = directory.conversation();
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(
                            file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile()
                    ? Optional.of(
                            new ConversationFile(
                                    attributes.size(), () -> UntrustedFiles.newInputStream(file)))
                    : Optional.empty();
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static Optional<Path> find(Path root, String pattern) throws IOException {
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Finder finder = new Finder(root, pattern);
        Files.walkFileTree(root, EnumSet.noneOf(FileVisitOption.class), MAX_DEPTH, finder);
        return finder.found;
    }

    private static final class Finder extends SimpleFileVisitor<Path> {
        private final Path root;
        private final PathMatcher matcher;
        private Optional<Path> found = Optional.empty();
        private int visited;

        Finder(Path root, String pattern) {
            this.root = root;
            this.matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && matcher.matches(root.relativize(file))) {
                found = Optional.of(file);
                return FileVisitResult.TERMINATE;
            }
            visited++;
            return visited < MAX_VISITED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            return FileVisitResult.CONTINUE;
        }
    }
}
