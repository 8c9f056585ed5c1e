package dev.errand.examples.quickstart;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /**
     * Finds the repository that a directory stands in.
     *
     * @throws IllegalArgumentException if it stands in none
     */
    static Repository around(Path start) throws IOException, InterruptedException {
        Optional<String> top = git(start, "rev-parse", "--show-toplevel");
        if (top.isEmpty()) {
            throw new IllegalArgumentException(
                    start.toAbsolutePath()
                            + " is not in a git repository; name one with --repository");
        }
        Path directory = Path.of(top.get());
        String name =
                git(directory, "remote", "get-url", "origin")
                        .flatMap(Repository::nameIn)
                        .orElse("local/" + plain(directory.getFileName().toString()));
        return new Repository(directory, name);
    }

    /**
     * The file to attach where nobody names one: the read-me, else the first small file there is.
     */
    Path fileToStage() throws IOException {
        Path readMe = directory.resolve("README.md");
        if (Files.isRegularFile(readMe) && Files.size(readMe) > 0) {
            return readMe;
        }
        try (Stream<Path> files = Files.walk(directory, 2)) {
            return files.filter(file -> !file.startsWith(directory.resolve(".git")))
                    .filter(Repository::isSmallFile)
                    .sorted()
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            directory
                                                    + " has no file to stage; name one with --attach"));
        }
    }

    private static boolean isSmallFile(Path file) {
        try {
            long size = Files.size(file);
            return Files.isRegularFile(file) && size > 0 && size <= MAX_STAGED_BYTES;
        } catch (IOException unreadable) {
            return false;
        }
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
