package dev.errand.workspaces.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The files in the directory of a mirror. */
final class MirrorFiles {

    /** Lock files, files that were not renamed yet, and marks of packs that are being received. */
    private static final Pattern TEMPORARY = Pattern.compile(".*\\.(lock|keep)|\\.?tmp[_-].*");

    private MirrorFiles() {}

    /** Returns the repository in the directory of a mirror. */
    static Path repository(Path directory) {
        return directory.resolve("repository.git");
    }

    /** Returns the file whose modification time is the last use of a mirror. */
    static Path used(Path directory) {
        return directory.resolve("used");
    }

    /** Returns the size of a mirror, as it was after its last update. */
    static long size(Path directory) throws IOException {
        Path file = sizeFile(directory);
        return FileTrees.isFile(file) ? Long.parseLong(Files.readString(file)) : 0;
    }

    private static Path sizeFile(Path directory) {
        return directory.resolve("size");
    }

    /** Records the size of a mirror. */
    static void recordSize(Path directory, long size) throws IOException {
        FileTrees.replace(sizeFile(directory), Long.toString(size), "rw-------");
    }

    /**
     * Deletes what a killed git process has left: its lock files and temporary files.
     *
     * @return the size of the largest file that was deleted; a process is killed if it writes a
     *     file of the allowed size
     */
    static long repair(Path repository) throws IOException {
        long largest = 0;
        Path config = repository.resolve("config");
        if (!FileTrees.isFile(config) || !Files.readString(config).contains("[remote")) {
            FileTrees.delete(repository);
            return largest;
        }
        for (Path file : FileTrees.files(repository)) {
            if (TEMPORARY.matcher(file.getFileName().toString()).matches()) {
                largest = Math.max(largest, FileTrees.attributes(file).size());
                Files.deleteIfExists(file);
            }
        }
        return largest;
    }
}
