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
 * @param directory its top directory
 * @param name its name as a task has it, {@code organization/name}
 */
record Repository(Path directory, String name) {

    private static final long MAX_STAGED_BYTES = 1_000_000;
    private static final String READ_ME = "readme.md";

    /**
     * Finds the repository that a directory stands in, whosever it is.
     *
     * @throws IllegalArgumentException if it stands in none
     */
    static Repository around(Path start) throws IOException, InterruptedException {
        for (Path place = start.normalize(); place != null; place = place.getParent()) {
            if (isRepository(place)) {
                return new Repository(place, nameOf(place));
            }
        }
        throw new IllegalArgumentException(
                start + " is not in a git repository; name one with --repository");
    }

    /** A work tree, or a bare repository. */
    private static boolean isRepository(Path place) {
        return Files.exists(place.resolve(".git"))
                || Files.isRegularFile(place.resolve("HEAD"))
                        && Files.isDirectory(place.resolve("objects"));
    }

    private static String nameOf(Path directory) throws IOException, InterruptedException {
        Path last = directory.getFileName();
        return git(directory, "remote", "get-url", "origin")
                .flatMap(Repository::nameIn)
                .orElse("local/" + plain(last == null ? "root" : last.toString()));
    }

    /** The file to attach where nobody names one: the read-me, else the first Markdown file. */
    Optional<Path> fileToStage() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> lowerName(file).endsWith(".md"))
                    .filter(Repository::isSmallFile)
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

    /** The last two segments of a remote's address. */
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
