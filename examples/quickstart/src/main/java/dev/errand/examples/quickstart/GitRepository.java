package dev.errand.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The git repository that the agent works on.
 *
 * @param directory its root directory
 * @param name its name in the format of tasks, {@code organization/name}
 */
record GitRepository(Path directory, String name) {

    private static final long MAX_STAGED_BYTES = 1_000_000;
    private static final String READ_ME = "readme.md";

    /**
     * Finds the repository that contains a directory.
     *
     * @throws IllegalArgumentException if there is none
     */
    static GitRepository containing(Path start) throws IOException, InterruptedException {
        for (Path directory = start.normalize();
                directory != null;
                directory = directory.getParent()) {
            if (isRepository(directory)) {
                return new GitRepository(directory, nameOf(directory));
            }
        }
        throw new IllegalArgumentException(
                start + " is not in a git repository; use --repository with the path of one");
    }

    /** Recognizes work trees and bare repositories. */
    private static boolean isRepository(Path directory) {
        return Files.exists(directory.resolve(".git"))
                || Files.isRegularFile(directory.resolve("HEAD"))
                        && Files.isDirectory(directory.resolve("objects"));
    }

    private static String nameOf(Path directory) throws IOException, InterruptedException {
        Path last = directory.getFileName();
        return git(directory, "remote", "get-url", "origin")
                .flatMap(GitRepository::nameIn)
                .orElse("local/" + plain(last == null ? "root" : last.toString()));
    }

    /** Returns the README, or else the first Markdown file. */
    Optional<Path> defaultAttachment() {
        try (Stream<Path> files = Files.list(directory)) {
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

    /** Returns the last two segments of a remote's URL. */
    static Optional<String> nameIn(String remote) {
        String[] parts = remote.replaceFirst("\\.git/?$", "").split("[/:]");
        if (parts.length < 2) {
            return Optional.empty();
        }
        String organization = plain(parts[parts.length - 2]);
        String name = plain(parts[parts.length - 1]);
        return organization.isEmpty() || name.isEmpty()
                ? Optional.empty()
                : Optional.of(organization + "/" + name);
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    }

    private static Optional<String> git(Path directory, String... words)
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
