package dev.errand.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control group of one sandbox.
 *
 * @param path its directory in the cgroup file system
 */
record ControlGroup(Path path) {

    static final String PROCESSES = "cgroup.procs";

    private static final Logger LOG = LoggerFactory.getLogger(ControlGroup.class);
    private static final String KILL = "cgroup.kill";

    /** Returns the file into which a process writes its id to enter the group. */
    Path processesFile() {
        return path.resolve(PROCESSES);
    }

    /** Returns the processes of the group and of its subgroups, without zombies. */
    Set<Long> processes() {
        Set<Long> found = new HashSet<>();
        collect(path, found);
        return found;
    }

    /** Kills all processes at once, including those that are being forked (Linux 5.14). */
    void kill() {
        Path file = path.resolve(KILL);
        if (Files.exists(file)) {
            try {
                Files.writeString(file, "1", StandardOpenOption.WRITE);
            } catch (IOException failure) {
                LOG.warn("Cannot kill {}; its processes are killed one by one", path, failure);
            }
        }
    }

    /** Deletes the group if no process is left in it. */
    void delete() {
        try {
            delete(path);
        } catch (IOException | DirectoryIteratorException inUse) {
            LOG.warn("Cannot delete {}", path, inUse);
        }
    }

    private static void collect(Path group, Set<Long> found) {
        try {
            Files.readAllLines(group.resolve(PROCESSES), StandardCharsets.US_ASCII).stream()
                    .map(Long::valueOf)
                    .forEach(found::add);
            try (DirectoryStream<Path> subgroups =
                    Files.newDirectoryStream(group, Files::isDirectory)) {
                subgroups.forEach(subgroup -> collect(subgroup, found));
            }
        } catch (IOException | DirectoryIteratorException deleted) {
            // A group that does not exist has no processes.
        }
    }

    private static void delete(Path group) throws IOException {
        if (!Files.isDirectory(group)) {
            return;
        }
        try (DirectoryStream<Path> subgroups =
                Files.newDirectoryStream(group, Files::isDirectory)) {
            for (Path subgroup : subgroups) {
                delete(subgroup);
            }
        }
        Files.delete(group);
    }
}
