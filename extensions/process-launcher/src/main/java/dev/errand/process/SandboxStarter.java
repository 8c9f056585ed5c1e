package dev.errand.process;

import dev.errand.spi.Timestamps;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a new sandbox: its directory, its files and its first process. If the start fails, nothing
 * is left.
 */
final class SandboxStarter {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxStarter.class);
    private static final Duration MAX_TIME_LIMIT = Duration.ofDays(3650);

    private final LauncherSettings settings;
    private final WorkDirectory workDirectory;
    private final ProcessTable table;
    private final AgentProcessStarter processStarter;
    private final SandboxWatcher watcher;

    SandboxStarter(
            LauncherSettings settings,
            WorkDirectory workDirectory,
            ProcessTable table,
            AgentProcessStarter processStarter,
            SandboxWatcher watcher) {
        this.settings = settings;
        this.workDirectory = workDirectory;
        this.table = table;
        this.processStarter = processStarter;
        this.watcher = watcher;
    }

    /**
     * Starts the sandbox.
     *
     * @param lock the sandbox's lock, held by this launcher
     * @throws dev.errand.spi.PortException if the sandbox could not be started; nothing is left
     *     then
     */
    Sandbox launch(LaunchRequest request, SandboxDirectory directory, SandboxLock lock) {
        SandboxId id = request.sandbox();
        Path program =
                processStarter.program(Objects.requireNonNull(settings.variables().get("PATH")));
        Process process;
        try {
            workDirectory.create(directory);
            process = prepareAndStart(program, request, directory);
        } catch (IOException failure) {
            throw PortExceptions.retryable("cannot start " + id, failure);
        }
        LOG.info("{} started, pid {}, in {}", id, process.pid(), directory.root());
        process.onExit().thenRun(watcher::wake);
        OptionalLong session =
                processStarter.createsSessions()
                        ? OptionalLong.of(process.pid())
                        : OptionalLong.empty();
        SandboxProcesses processes =
                new SandboxProcesses(
                        id,
                        new SandboxStateFiles(directory),
                        MainProcess.started(process),
                        new ProcessTree(table, SandboxMark.of(id), session),
                        new ResourceMonitor(settings.resourceLimits(), directory, table),
                        settings);
        return new Sandbox(id, directory, processes, settings, lock);
    }

    private Process prepareAndStart(Path program, LaunchRequest request, SandboxDirectory directory)
            throws IOException {
        try {
            Instant deadline = deadline(request.timeLimit());
            new SandboxFileWriter(directory).write(request);
            new SandboxStateFiles(directory).deadline(deadline);
            Map<String, String> environment =
                    AgentEnvironment.of(settings.variables(), request, directory, deadline);
            return processStarter.start(program, directory, environment);
        } catch (IOException | RuntimeException | Error failure) {
            try {
                workDirectory.delete(directory);
            } catch (IOException | RuntimeException suppressed) {
                failure.addSuppressed(suppressed);
            }
            throw failure;
        }
    }

    private Instant deadline(Duration timeLimit) {
        Duration atMost = timeLimit.compareTo(MAX_TIME_LIMIT) < 0 ? timeLimit : MAX_TIME_LIMIT;
        return Timestamps.truncate(settings.clock().instant().plus(atMost));
    }
}
