package dev.errand.server.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The processes and directories of all sandboxes in a work directory. */
record Sandboxes(Path workDirectory) {

    /** Returns the processes whose environment names this work directory. */
    List<ProcessHandle> alive() {
        return ProcessHandle.allProcesses()
                .filter(process -> environment(process.pid()).contains(workspacePrefix()))
                .toList();
    }

    /** Returns whether a process belongs to the sandbox of a run. */
    boolean isOf(long pid, String run) {
        return environment(pid).contains("\0ERRAND_RUN_ID=" + run + "\0")
                && environment(pid).contains(workspacePrefix());
    }

    private String workspacePrefix() {
        return "\0ERRAND_WORKSPACE=" + workDirectory + "/";
    }

    /** Returns the directories of sandboxes, including those that were set aside. */
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
