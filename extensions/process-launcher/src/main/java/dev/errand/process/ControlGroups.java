package dev.errand.process;

import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The control groups (cgroups(7), version 2) of sandboxes, in a group below that of this process.
 * All descendants of a process stay in its group, whatever they do, unless they have the right to
 * change groups.
 */
final class ControlGroups {

    private static final Path MOUNTS = Path.of("/proc/self/mounts");
    private static final Path OWN_GROUP = Path.of("/proc/self/cgroup");
    private static final Pattern MOUNT = Pattern.compile("(?m)^\\S+ (/\\S*) cgroup2 ");
    private static final Pattern GROUP = Pattern.compile("(?m)^0::/(.*)$");
    private static final String PARENT = "errand-sandboxes";
    private static final int MAX_SECONDS = 10;

    private final Path parent;

    private ControlGroups(Path parent) {
        this.parent = parent;
    }

    /** Returns the groups, if this process may create some and put its children into them. */
    static Optional<ControlGroups> find() {
        try {
            Matcher mount = MOUNT.matcher(Files.readString(MOUNTS, StandardCharsets.UTF_8));
            Matcher group = GROUP.matcher(Files.readString(OWN_GROUP, StandardCharsets.UTF_8));
            if (!mount.find() || !group.find()) {
                return Optional.empty();
            }
            ControlGroups found =
                    new ControlGroups(
                            Path.of(mount.group(1)).resolve(group.group(1)).resolve(PARENT));
            return found.isUsable() ? Optional.of(found) : Optional.empty();
        } catch (IOException unavailable) {
            return Optional.empty();
        }
    }

    /** Creates the group of a new sandbox, which has no process yet. */
    ControlGroup create(SandboxId sandbox) throws IOException {
        Files.createDirectories(parent);
        return new ControlGroup(Files.createDirectories(parent.resolve(nameOf(sandbox))));
    }

    /**
     * Returns the group of a sandbox that an earlier launcher created. The path was read from a
     * file that an agent may have changed, so a path of any other group is not accepted.
     */
    static Optional<ControlGroup> found(SandboxId sandbox, Path recorded) {
        return Optional.of(recorded)
                .filter(path -> path.endsWith(Path.of(PARENT, nameOf(sandbox))))
                .filter(path -> path.equals(path.normalize()))
                .filter(path -> Files.isRegularFile(path.resolve(ControlGroup.PROCESSES)))
                .map(ControlGroup::new);
    }

    private static String nameOf(SandboxId sandbox) {
        return sandbox.run() + "." + sandbox.attempt();
    }

    /** Tests with a real process, since permissions and namespaces can both prevent the use. */
    private boolean isUsable() throws IOException {
        Files.createDirectories(parent);
        ControlGroup probe =
                new ControlGroup(
                        Files.createDirectory(parent.resolve("probe." + UUID.randomUUID())));
        try {
            Process shell =
                    new ProcessBuilder(
                                    AgentProcessStarter.SHELL.toString(),
                                    "-c",
                                    "echo $$ > \"$1\" && read -r line",
                                    "errand-sandbox",
                                    probe.processesFile().toString())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            shell.getOutputStream().write('\n');
            shell.getOutputStream().close();
            boolean isEnded = shell.waitFor(MAX_SECONDS, TimeUnit.SECONDS);
            return isEnded && shell.exitValue() == 0;
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            probe.delete();
        }
    }
}
