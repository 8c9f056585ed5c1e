package dev.errand.process;

import dev.errand.spi.Timestamps;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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
    private final FileWork fileWork;
    private final DirectoryRemover remover;
    private final SandboxUsers users;
    private final Optional<ControlGroups> groups;
    private final SandboxWorkspaces workspaces;

    SandboxStarter(
            LauncherSettings settings,
            WorkDirectory workDirectory,
            ProcessTable table,
            AgentProcessStarter processStarter,
            SandboxWatcher watcher,
            FileWork fileWork,
            DirectoryRemover remover,
            SandboxUsers users,
            Optional<ControlGroups> groups,
            SandboxWorkspaces workspaces) {
        this.settings = settings;
        this.workDirectory = workDirectory;
        this.table = table;
        this.processStarter = processStarter;
        this.watcher = watcher;
        this.fileWork = fileWork;
        this.remover = remover;
        this.users = users;
        this.groups = groups;
        this.workspaces = workspaces;
    }

    /**
     * Creates the directory of a sandbox with a checkout of its task's repository, which may take
     * long.
     *
     * @throws dev.errand.spi.PortException if that fails; nothing is left then
     */
    void prepareWorkspace(LaunchRequest request, SandboxDirectory directory) {
        SandboxId id = request.sandbox();
        // Fails before the checkout if the run cannot be started.
        SandboxProgram.of(settings, request, directory);
        SandboxFileWriter.checkNames(request.secrets());
        try {
            workDirectory.create(directory);
            new SandboxStateFiles(directory).createDirectory();
            workspaces.prepare(request, directory);
        } catch (IOException failure) {
            removeAfter(failure, request, directory);
            throw PortExceptions.retryable("cannot prepare the workspace of " + id, failure);
        } catch (RuntimeException | Error failure) {
            removeAfter(failure, request, directory);
            throw failure;
        }
    }

    /** Removes the directory and the workspace of a sandbox that was not started. */
    private void removeAfter(Throwable failure, LaunchRequest request, SandboxDirectory directory) {
        try {
            remover.remove(workDirectory.moveToDeleted(directory.root()));
        } catch (IOException | RuntimeException suppressed) {
            failure.addSuppressed(suppressed);
        }
        workspaces.discard(request.sandbox());
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
        SandboxProgram program;
        Optional<SandboxUser> user;
        Optional<ControlGroup> group = Optional.empty();
        Process process = null;
        try {
            program = SandboxProgram.of(settings, request, directory);
            user = users.acquire(id);
            if (!workspaces.isNeededFor(request)) {
                workDirectory.create(directory);
            }
            group = groups.isPresent() ? Optional.of(groups.get().create(id)) : group;
            process = prepareAndStart(program, request, directory, user, group);
        } catch (IOException failure) {
            removeAfter(failure, request, directory);
            throw PortExceptions.retryable("cannot start " + id, failure);
        } catch (RuntimeException | Error failure) {
            removeAfter(failure, request, directory);
            throw failure;
        } finally {
            if (process == null) {
                users.release(id);
                group.ifPresent(ControlGroup::delete);
            }
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
                        new ProcessTree(
                                table,
                                SandboxMark.of(id),
                                session,
                                users.idIfExclusive(user),
                                group),
                        new ResourceMonitor(
                                settings.resourceLimits(),
                                directory,
                                table,
                                fileWork,
                                watcher::wake),
                        settings);
        return new Sandbox(
                id,
                directory,
                processes,
                program.profile(),
                settings,
                lock,
                fileWork,
                users,
                workspaces);
    }

    private Process prepareAndStart(
            SandboxProgram program,
            LaunchRequest request,
            SandboxDirectory directory,
            Optional<SandboxUser> user,
            Optional<ControlGroup> group)
            throws IOException {
        Instant deadline = deadline(request.timeLimit());
        new SandboxFileWriter(directory).write(request, program.launch());
        SandboxStateFiles stateFiles = new SandboxStateFiles(directory);
        stateFiles.deadline(deadline);
        if (program.profile().isPresent()) {
            stateFiles.profile(program.profile().get().line());
        }
        if (group.isPresent()) {
            stateFiles.controlGroup(group.get().path());
        }
        if (user.isPresent()) {
            handOver(directory, user.get());
            workspaces.checkAccess(request.sandbox(), user.get());
        }
        Map<String, String> environment =
                AgentEnvironment.of(settings.variables(), request, directory, deadline);
        program.addVariables(environment);
        return processStarter.start(
                program.file(), program.arguments(), directory, environment, user, group);
    }

    /**
     * Makes the sandbox user the owner of the agent's files. This includes the output files, since
     * programs open them by names such as {@code /dev/stderr}.
     */
    private void handOver(SandboxDirectory directory, SandboxUser user) throws IOException {
        new SandboxStateFiles(directory).user(user.name());
        workDirectory.makeReachable(directory);
        user.own(directory.standardOutput());
        user.own(directory.standardError());
        user.own(directory.agent());
    }

    private Instant deadline(Duration timeLimit) {
        Duration atMost = timeLimit.compareTo(MAX_TIME_LIMIT) < 0 ? timeLimit : MAX_TIME_LIMIT;
        return Timestamps.truncate(settings.clock().instant().plus(atMost));
    }
}
