package dev.errand.examples.quickstart;

import dev.errand.task.Repositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The git repository that the agent works on.
 *
 * @param directory its root directory; empty if it is on another machine
 * @param location its path or URL
 * @param name its name in the format of tasks, {@code organization/name}
 */
record GitRepository(Optional<Path> directory, String location, String name) {

    private static final long MAX_STAGED_BYTES = 1_000_000;
    private static final String READ_ME = "readme.md";
    private static final Pattern URL = Pattern.compile("[a-z+]+://.*|[^/]+@[^/]+:.*");

    /**
     * Finds a repository by its URL or a directory in it.
     *
     * @throws IllegalArgumentException if the directory is in no repository
     */
    static GitRepository of(String directoryOrUrl) throws IOException, InterruptedException {
        if (URL.matcher(directoryOrUrl).matches()) {
            return new GitRepository(
                    Optional.empty(), directoryOrUrl, nameIn(directoryOrUrl).orElse("remote/root"));
        }
        Path directory = Path.of(directoryOrUrl).toAbsolutePath();
        return containing(directory)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        directory
                                                + " is not in a git repository; use --repository with the path or URL of one"));
    }

    /** Finds the repository that contains a directory. */
    static Optional<GitRepository> containing(Path start) throws IOException, InterruptedException {
        for (Path directory = start.normalize();
                directory != null;
                directory = directory.getParent()) {
            if (isRepository(directory)) {
                return Optional.of(
                        new GitRepository(
                                Optional.of(directory), directory.toString(), nameOf(directory)));
            }
        }
        return Optional.empty();
    }

    /** Returns whether a branch with a commit is checked out, as far as that can be known. */
    boolean hasBranch() throws IOException, InterruptedException {
        return directory.isEmpty()
                || git(directory.get(), "symbolic-ref", "--quiet", "HEAD").isPresent()
                        && git(directory.get(), "rev-parse", "--quiet", "--verify", "HEAD")
                                .isPresent();
    }

    /** Returns whether the work tree differs from its commit. */
    boolean hasUncommittedChanges() throws IOException, InterruptedException {
        return directory.isPresent() && git(directory.get(), "status", "--porcelain").isPresent();
    }

    /** Recognizes work trees and bare repositories. */
    private static boolean isRepository(Path directory) {
        return Files.exists(directory.resolve(".git"))
                || Files.isRegularFile(directory.resolve("HEAD"))
                        && Files.isDirectory(directory.resolve("objects"));
    }

    private static String nameOf(Path directory) throws IOException, InterruptedException {
        Optional<String> ofRemote =
                git(directory, "remote", "get-url", "origin").flatMap(GitRepository::nameIn);
        return ofRemote.or(
                        () ->
                                Optional.ofNullable(directory.getFileName())
                                        .flatMap(name -> nameIn("local/" + name)))
                .orElse("local/repository");
    }

    /** Returns the README, or else the first Markdown file. */
    Optional<Path> defaultAttachment() {
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(directory.get())) {
            return files.filter(file -> lowerName(file).endsWith(".md"))
                    .filter(GitRepository::isSmallFile)
                    .min(
                            Comparator.comparing((Path file) -> !lowerName(file).equals(READ_ME))
                                    .thenComparing(Comparator.naturalOrder()));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static boolean isSmallFile(Path file) {
        try {
            return Files.isRegularFile(file)
                    && Files.isReadable(file)
                    && Files.size(file) > 0
                    && Files.size(file) <= MAX_STAGED_BYTES;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static String lowerName(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    /** Returns the last two segments of a remote's URL, if they make a valid name. */
    static Optional<String> nameIn(String remote) {
        List<String> parts =
                Stream.of(
                                remote.replaceFirst("(/\\.?)+$", "")
                                        .replaceFirst("\\.git$", "")
                                        .split("[/:]"))
                        .map(GitRepository::plain)
                        .toList();
        return parts.size() < 2
                ? Optional.empty()
                : Optional.of(parts.get(parts.size() - 2) + "/" + parts.get(parts.size() - 1))
                        .filter(GitRepository::isName);
    }

    private static boolean isName(String name) {
        return Repositories.problem(name).isEmpty();
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    }

    static Optional<String> git(Path directory, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-c", "safe.directory=*"));
        command.addAll(List.of(words));
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 && !output.isEmpty() ? Optional.of(output) : Optional.empty();
    }
}
