package dev.errand.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Base class of launcher tests: a work directory, agents that are small scripts, and a listener.
 */
abstract class AbstractLauncherTest {

    static final Duration NO_GRACE = Duration.ZERO;
    static final Duration SHORT_GRACE = Duration.ofMillis(150);
    static final Duration LONG_GRACE = Duration.ofMinutes(1);

    @TempDir Path directory;

    final RecordingListener recorder = new RecordingListener();

    private final List<ProcessLauncher> launchers = new ArrayList<>();

    @AfterEach
    void closeLaunchers() throws IOException {
        closeAll();
        deleteTree(workDirectory());
    }

    void closeAll() {
        launchers.forEach(ProcessLauncher::close);
    }

    static void deleteTree(Path tree) throws IOException {
        try {
            DirectoryTree.delete(tree, () -> false);
        } catch (TimeoutException impossible) {
            throw new AssertionError(impossible);
        }
    }

    Path workDirectory() {
        return directory.resolve("sandboxes");
    }

    ProcessLauncherBuilder builder(String script) {
        return ProcessLauncher.builder(workDirectory(), shell(script))
                .grace(SHORT_GRACE)
                .closeAction(CloseAction.STOP);
    }

    ProcessLauncher launcher(String script) {
        return open(builder(script));
    }

    ProcessLauncher open(ProcessLauncherBuilder builder) {
        ProcessLauncher launcher = builder.build();
        launchers.add(launcher);
        return launcher;
    }

    static AgentCommand shell(String script) {
        return AgentCommand.of(List.of("/bin/sh", "-c", script));
    }

    /** Launches a sandbox, waits for its end and returns its exit. */
    SandboxExit runToEnd(ProcessLauncher launcher, LaunchRequest request) throws Exception {
        launcher.launch(LaunchRequests.PROJECT, request, recorder);
        recorder.awaitEnd();
        return exit(launcher, request.sandbox());
    }

    SandboxExit exit(ProcessLauncher launcher, SandboxId sandbox) {
        SandboxState state = launcher.inspect(LaunchRequests.PROJECT, sandbox, recorder);
        assertThat(state).isInstanceOf(SandboxState.Exited.class);
        return ((SandboxState.Exited) state).exit();
    }

    SandboxState state(ProcessLauncher launcher, SandboxId sandbox) {
        return launcher.inspect(LaunchRequests.PROJECT, sandbox, recorder);
    }

    SandboxDirectory files(SandboxId sandbox) {
        return SandboxDirectory.of(workDirectory(), sandbox);
    }

    static boolean isAlive(String pid) {
        return ProcessSnapshot.of(ProcessTable.ofThisSystem()).contains(Long.parseLong(pid));
    }

    /** Returns how many processes carry a sandbox's mark. */
    static long processesOf(SandboxId sandbox) {
        ProcessTable table = ProcessTable.ofThisSystem();
        SandboxMark mark = SandboxMark.of(sandbox);
        return table.processes().stream()
                .filter(process -> table.hasMark(process.pid(), mark))
                .count();
    }
}
