package dev.errand.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds executable files by name. */
final class ExecutableFinder {

    private ExecutableFinder() {}

    static boolean isExecutableFile(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /** Returns the program of a command: an absolute path, or a name on a search path. */
    static Optional<Path> program(String program, String searchPath) {
        return program.startsWith("/")
                ? Optional.of(Path.of(program)).filter(ExecutableFinder::isExecutableFile)
                : find(program, searchPath);
    }

    /**
     * Returns the first executable file of this name in the absolute directories of a search path.
     */
    static Optional<Path> find(String name, String searchPath) {
        return Stream.of(searchPath.split(":"))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, name))
                .filter(ExecutableFinder::isExecutableFile)
                .findFirst();
    }
}
