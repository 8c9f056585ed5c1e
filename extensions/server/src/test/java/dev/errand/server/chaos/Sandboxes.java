package dev.errand.server.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The processes and directories of all sandboxes below one work directory. */
record Sandboxes(Path workDirectory) {

    /** The processes that were started with a place below it in their environment. */
    List<ProcessHandle> alive() {
        return ProcessHandle.allProcesses()
                .filter(process -> environment(process.pid()).contains(place()))
                .toList();
    }

    /** Whether a process is of a run's sandbox. */
    boolean isOf(long pid, String run) {
        return environment(pid).contains("\0ERRAND_RUN_ID=" + run + "\0")
                && environment(pid).contains(place());
    }

    private String place() {
        return "\0ERRAND_WORKSPACE=" + workDirectory + "/";
    }

    /** The directories of sandboxes and of what is kept of them. */
    List<Path> directories() throws IOException {
        try (Stream<Path> all = Files.walk(workDirectory, 4)) {
            return all.filter(path -> workDirectory.relativize(path).getNameCount() == 4)
                    .filter(path -> path.getFileName().toString().startsWith("attempt_"))
                    .toList();
        }
    }

    private static String environment(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
            return "\0" + new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }
}
