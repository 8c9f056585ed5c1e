package dev.errand.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds programs by name. */
final class Programs {

    private Programs() {}

    static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /** The first executable file of this name in the absolute directories of a search path. */
    static Optional<Path> find(String name, String searchPath) {
        return Stream.of(searchPath.split(":"))
                .filter(directory -> directory.startsWith("/"))
                .map(directory -> Path.of(directory, name))
                .filter(Programs::isProgram)
                .findFirst();
    }
}
