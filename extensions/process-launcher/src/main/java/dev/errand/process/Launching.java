package dev.errand.process;

import dev.errand.spi.Timestamps;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts one sandbox that is not there: its directory, its files, its first process. Leaves all of
 * it or nothing.
 */
final class Launching {

    private static final Logger LOG = LoggerFactory.getLogger(Launching.class);
    private static final Duration LONGEST_LIMIT = Duration.ofDays(3650);

    private final Settings settings;
    private final WorkDirectory workDirectory;
    private final ProcessTable table;
    private final AgentStart agentStart;
    private final Watcher watcher;

    Launching(
            Settings settings,
            WorkDirectory workDirectory,
            ProcessTable table,
            AgentStart agentStart,
            Watcher watcher) {
        this.settings = settings;
        this.workDirectory = workDirectory;
        this.table = table;
        this.agentStart = agentStart;
        this.watcher = watcher;
    }

    /**
     * Starts the sandbox.
     *
     * @param hold taken
     * @throws dev.errand.spi.BackendException if it could not be started; then nothing is left
     */
    Sandbox launch(LaunchRequest request, SandboxDirectory directory, Hold hold) {
        SandboxId ref = request.sandbox();
        Path program = agentStart.program(settings.variables().get("PATH"));
        Process process;
        try {
            workDirectory.create(directory);
            process = prepareAndStart(program, request, directory);
        } catch (IOException failure) {
            throw Failures.retryable("cannot start " + ref, failure);
        }
        LOG.info("{} started, pid {}, in {}", ref, process.pid(), directory.root());
        process.onExit().thenRun(watcher::wake);
        OptionalLong session =
                agentStart.makesSessions() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
        Execution execution =
                new Execution(
                        ref,
                        new SandboxRecord(directory),
                        MainProcess.started(process),
                        new ProcessTree(table, SandboxMark.of(ref), session),
                        new Usage(settings.limits(), directory, table),
                        settings);
        return new Sandbox(ref, directory, execution, settings, hold);
    }

    private Process prepareAndStart(Path program, LaunchRequest request, SandboxDirectory directory)
            throws IOException {
        boolean started = false;
        try {
            Instant deadline = deadline(request.timeLimit());
            new Preparation(directory).write(request);
            new SandboxRecord(directory).deadline(deadline);
            Map<String, String> environment =
                    AgentEnvironment.of(settings.variables(), request, directory, deadline);
            Process process = agentStart.start(program, directory, environment);
            started = true;
            return process;
        } finally {
            if (!started) {
                removeTraces(directory);
            }
        }
    }

    private Instant deadline(Duration timeLimit) {
        Duration atMost = timeLimit.compareTo(LONGEST_LIMIT) < 0 ? timeLimit : LONGEST_LIMIT;
        return Timestamps.truncate(settings.clock().instant().plus(atMost));
    }

    private void removeTraces(SandboxDirectory directory) {
        try {
            workDirectory.delete(directory);
        } catch (IOException failure) {
            LOG.warn("Cannot remove {}, where nothing was started", directory.root(), failure);
        }
    }
}
