package dev.errand.process;

import dev.errand.agents.AgentProfile;
import dev.errand.spi.workspace.WorkspaceProvider;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Builder for {@link ProcessLauncher}. Not thread-safe. */
public final class ProcessLauncherBuilder {
    private final Path workDirectory;
    private AgentPrograms programs;
    private final BaseEnvironment environment = new BaseEnvironment();
    private Map<String, String> host = System.getenv();
    private Clock clock = Clock.systemUTC();
    private ResultLimits resultLimits = ResultLimits.DEFAULT;
    private ResourceLimits resourceLimits = ResourceLimits.DEFAULT;
    private CleanupPolicy cleanupPolicy = CleanupPolicy.KEEP_FAILED;
    private Duration keepFor = Duration.ofDays(7);
    private CloseAction closeAction = CloseAction.LEAVE_RUNNING;
    private Duration grace = Duration.ofSeconds(10);
    private LauncherTiming timing = LauncherTiming.DEFAULT;
    private List<String> users = List.of();
    private Optional<WorkspaceProvider> workspaces = Optional.empty();
    private boolean usesControlGroups = true;
    private boolean isTemporary;
    private ProcessTable table = ProcessTable.ofThisSystem();

    ProcessLauncherBuilder(Path workDirectory, AgentPrograms programs) {
        this.workDirectory = workDirectory.toAbsolutePath().normalize();
        this.programs = programs;
    }

    /**
     * Adds a profile for the runs whose {@code runtime_adapter} is its name. Once a launcher has a
     * profile, it fails runs that choose another program, with the reason. Credentials of the host
     * are passed on as the profile says.
     */
    public ProcessLauncherBuilder profile(AgentProfile profile) {
        programs = programs.with(profile);
        return this;
    }

    /** Sets the clock for time limits. The default is the system clock. */
    public ProcessLauncherBuilder clock(Clock changed) {
        clock = Objects.requireNonNull(changed, "clock");
        return this;
    }

    /**
     * Lets agents inherit further environment variables of the host. Their values are read when the
     * launcher is built. {@code PATH}, {@code LANG}, {@code LC_*} and {@code TZ} are always
     * inherited. {@code HOME} and {@code TMPDIR} are directories of the sandbox unless they are
     * named here.
     *
     * @throws IllegalArgumentException if a name begins with {@code ERRAND_} or is not a valid
     *     variable name
     */
    public ProcessLauncherBuilder inheritVariables(String... names) {
        for (String name : names) {
            environment.inherit(name);
        }
        return this;
    }

    /**
     * Sets an environment variable for all agents. It overrides an inherited variable. Every
     * process of the host's user can read it.
     *
     * @throws IllegalArgumentException if the name begins with {@code ERRAND_} or is not a valid
     *     variable name, or the value contains a NUL character
     */
    public ProcessLauncherBuilder variable(String name, String value) {
        environment.set(name, value);
        return this;
    }

    /** Sets the maximum size of the output file, up to 1 GiB. The default is 16 MiB. */
    public ProcessLauncherBuilder maxOutputBytes(long changed) {
        resultLimits = resultLimits.withOutputBytes(changed);
        return this;
    }

    /** Sets the maximum number of artifacts that are collected. The default is 100. */
    public ProcessLauncherBuilder maxArtifacts(int changed) {
        resultLimits = resultLimits.withArtifacts(changed);
        return this;
    }

    /** Sets the maximum size of an artifact. The default is 30 MiB. */
    public ProcessLauncherBuilder maxArtifactBytes(long changed) {
        resultLimits = resultLimits.withArtifactBytes(changed);
        return this;
    }

    /**
     * Sets the maximum length of an output line, 16 bytes to 16 MiB. Longer lines are split. The
     * default is 64 KiB.
     */
    public ProcessLauncherBuilder maxLineBytes(int changed) {
        resultLimits = resultLimits.withLineBytes(changed);
        return this;
    }

    /** Sets how many of the last output lines an exit contains. The default is 20. */
    public ProcessLauncherBuilder lastLines(int changed) {
        resultLimits = resultLimits.withLastLines(changed);
        return this;
    }

    /**
     * Sets the maximum total size of a sandbox's files including its output. The default is 10 GiB.
     * The operating system enforces it for a single file. The total is checked every two seconds,
     * or less often if a check takes long; a sandbox above the limit is stopped.
     */
    public ProcessLauncherBuilder maxDiskBytes(long changed) {
        resourceLimits = resourceLimits.withDiskBytes(changed);
        return this;
    }

    /**
     * Sets the maximum resident memory of a sandbox's processes together; memory that they share
     * counts for each of them. There is no limit by default. It is checked every two seconds, on
     * Linux only; a sandbox above the limit is stopped.
     */
    public ProcessLauncherBuilder maxMemoryBytes(long changed) {
        resourceLimits = resourceLimits.withMemoryBytes(changed);
        return this;
    }

    /**
     * Sets the maximum processor time of each process of a sandbox, at least one second. There is
     * no limit by default. The operating system ends a process that exceeds it.
     */
    public ProcessLauncherBuilder maxProcessorTime(Duration changed) {
        resourceLimits = resourceLimits.withProcessorTime(changed);
        return this;
    }

    /** Sets the scheduling niceness of sandbox processes, 0 to 19. The default is 0. */
    public ProcessLauncherBuilder niceness(int changed) {
        resourceLimits = resourceLimits.withNiceness(changed);
        return this;
    }

    /**
     * Sets which directories are kept when sandboxes are discarded. The default is {@link
     * CleanupPolicy#KEEP_FAILED}.
     */
    public ProcessLauncherBuilder cleanupPolicy(CleanupPolicy changed) {
        cleanupPolicy = Objects.requireNonNull(changed, "cleanupPolicy");
        return this;
    }

    /**
     * Sets how long kept directories, and directories of ended sandboxes that were never discarded,
     * are retained. The default is 7 days. Expired directories are deleted at most once an hour,
     * and only while sandboxes are launched.
     *
     * @throws IllegalArgumentException if the duration is not positive
     */
    public ProcessLauncherBuilder keepFor(Duration changed) {
        if (changed.isZero() || changed.isNegative()) {
            throw new IllegalArgumentException("keepFor must be positive, not " + changed);
        }
        keepFor = changed;
        return this;
    }

    /**
     * Sets what {@link ProcessLauncher#close()} does with living sandboxes. The default is {@link
     * CloseAction#LEAVE_RUNNING}. Use {@link CloseAction#STOP} if the work directory is deleted
     * together with the launcher.
     */
    public ProcessLauncherBuilder closeAction(CloseAction changed) {
        closeAction = Objects.requireNonNull(changed, "closeAction");
        return this;
    }

    /**
     * Sets the grace period between SIGTERM and SIGKILL for a sandbox that exceeds its time limit
     * or a resource limit, or that is stopped when the launcher is closed. The default is 10
     * seconds.
     */
    public ProcessLauncherBuilder grace(Duration changed) {
        grace = Objects.requireNonNull(changed, "grace");
        return this;
    }

    /**
     * Lets agents run as other users of the operating system. With one user all agents share it.
     * With several users each sandbox has its own user while it exists, and a launch fails with a
     * retryable exception if no user is free; name at least as many users as sandboxes that exist
     * at the same time. No other program may run as these users, and launchers with different work
     * directories need different users. This process needs the right to start programs as these
     * users, and to read and change their files; root has it. By default agents run as the user of
     * this process.
     */
    public ProcessLauncherBuilder sandboxUsers(String... names) {
        users = List.of(names);
        return this;
    }

    /**
     * Deletes the work directory when the launcher is closed, with everything in it, however an
     * agent tried to prevent that. Use it together with {@link CloseAction#STOP}.
     */
    public ProcessLauncherBuilder temporaryWorkDirectory() {
        isTemporary = true;
        return this;
    }

    /**
     * Lets agents work in a checkout of their task's repository. After its end, what the agent
     * changed becomes part of the run's output, and the patch an artifact of the run. Agents of
     * tasks without repository start in an empty directory, as they do by default.
     *
     * <p>A launch lasts as long as the checkout, so the dispatcher needs a {@code
     * DispatchTimeouts.launch()} that is longer than the time limits of the provider. The host
     * closes the provider after the launcher.
     */
    public ProcessLauncherBuilder workspaces(WorkspaceProvider changed) {
        workspaces = Optional.of(changed);
        return this;
    }

    /** Finds processes as on a system where no control group can be created. */
    ProcessLauncherBuilder withoutControlGroups() {
        usesControlGroups = false;
        return this;
    }

    ProcessLauncherBuilder timing(LauncherTiming changed) {
        timing = changed;
        return this;
    }

    /** Replaces the variables of this process, of which profiles pass on some. */
    ProcessLauncherBuilder host(Map<String, String> changed) {
        host = changed;
        return this;
    }

    ProcessLauncherBuilder table(ProcessTable changed) {
        table = changed;
        return this;
    }

    /**
     * Builds the launcher and opens its work directory. No thread is started before the first
     * launch.
     *
     * @throws IllegalStateException if another launcher of this process uses the work directory
     * @throws IllegalArgumentException if a sandbox user does not exist, is the superuser or the
     *     user of this process, this process cannot run programs as it, or it cannot reach the work
     *     directory or execute the program
     * @throws UnsupportedOperationException if this is not a POSIX system with {@code /bin/sh}
     * @throws dev.errand.spi.PortException if the work directory cannot be created or opened
     */
    public ProcessLauncher build() {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                || !Files.isExecutable(AgentProcessStarter.SHELL)) {
            throw new UnsupportedOperationException(
                    "ProcessLauncher requires a POSIX system with " + AgentProcessStarter.SHELL);
        }
        LauncherSettings settings =
                new LauncherSettings(
                        workDirectory,
                        programs,
                        clock,
                        environment.resolve(System.getenv()),
                        environment.host(host),
                        resultLimits,
                        resourceLimits,
                        cleanupPolicy,
                        keepFor,
                        closeAction,
                        grace,
                        timing,
                        isTemporary,
                        workspaces);
        List<SandboxUser> found = users.stream().distinct().map(SandboxUserFinder::find).toList();
        try {
            WorkDirectory opened = WorkDirectory.open(workDirectory);
            try {
                checkAccess(found, opened, settings);
            } catch (IOException | RuntimeException failure) {
                opened.close();
                throw failure;
            }
            return new ProcessLauncher(
                    settings,
                    opened,
                    table,
                    new SandboxUsers(found, table, opened),
                    usesControlGroups ? ControlGroups.find() : Optional.empty());
        } catch (IOException failure) {
            throw PortExceptions.permanent("cannot open work directory " + workDirectory, failure);
        }
    }

    /** Checks access at start-up, because otherwise every run would fail with an unclear error. */
    private void checkAccess(
            List<SandboxUser> found, WorkDirectory opened, LauncherSettings settings)
            throws IOException {
        if (!found.isEmpty()) {
            opened.makeReachable();
        }
        for (SandboxUser user : found) {
            if (!SandboxUserFinder.succeeds(user, "cd \"$1\"", workDirectory)) {
                throw new IllegalArgumentException(
                        "sandbox user %s cannot reach the work directory %s; run chmod o+x for the directories above it"
                                .formatted(user.name(), workDirectory));
            }
            for (String name : programs.names()) {
                checkProgram(user, name, Objects.requireNonNull(settings.variables().get("PATH")));
            }
        }
    }

    private static void checkProgram(SandboxUser user, String name, String searchPath)
            throws IOException {
        Optional<Path> program = ExecutableFinder.program(name, searchPath);
        if (program.isPresent()
                && !SandboxUserFinder.succeeds(user, "test -x \"$1\"", program.get())) {
            throw new IllegalArgumentException(
                    "sandbox user %s cannot execute %s".formatted(user.name(), program.get()));
        }
    }
}
