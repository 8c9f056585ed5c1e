package dev.errand.process;

import dev.errand.spi.sandbox.SandboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds sandboxes that an earlier launcher on the same work directory started. */
final class SandboxFinder {

    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private final ProcessTable table;
    private final boolean createsSessions;
    private final LauncherSettings settings;
    private final SandboxWatcher watcher;
    private final FileWork fileWork;
    private final SandboxUsers users;
    private final SandboxWorkspaces workspaces;

    SandboxFinder(
            ProcessTable table,
            boolean createsSessions,
            LauncherSettings settings,
            SandboxWatcher watcher,
            FileWork fileWork,
            SandboxUsers users,
            SandboxWorkspaces workspaces) {
        this.table = table;
        this.createsSessions = createsSessions;
        this.settings = settings;
        this.watcher = watcher;
        this.fileWork = fileWork;
        this.users = users;
        this.workspaces = workspaces;
    }

    /**
     * Returns the sandbox of an existing directory: with its living processes, or with the recorded
     * end.
     */
    Sandbox find(SandboxId id, SandboxDirectory directory, SandboxLock lock) {
        SandboxStateFiles stateFiles = new SandboxStateFiles(directory);
        SandboxMark mark = SandboxMark.of(id);
        ProcessSnapshot snapshot = ProcessSnapshot.of(table);
        Optional<ProcessHandle> main =
                stateFiles
                        .pid()
                        .flatMap(ProcessHandle::of)
                        .filter(process -> ProcessTree.isAlive(process, snapshot))
                        .filter(process -> isOurs(process, mark, stateFiles));
        // The kernel may reuse a session number once its leader is gone.
        OptionalLong session =
                createsSessions && main.isPresent()
                        ? OptionalLong.of(main.get().pid())
                        : OptionalLong.empty();
        main.ifPresent(process -> process.onExit().thenRun(watcher::wake));
        Optional<SandboxUser> user = stateFiles.user().flatMap(name -> users.adopt(id, name));
        Optional<ControlGroup> group =
                stateFiles.controlGroup().flatMap(path -> ControlGroups.found(id, path));
        ProcessTree tree = new ProcessTree(table, mark, session, users.idIfExclusive(user), group);
        ResourceMonitor resources =
                new ResourceMonitor(
                        settings.resourceLimits(), directory, table, fileWork, watcher::wake);
        SandboxProcesses processes =
                new SandboxProcesses(
                        id, stateFiles, MainProcess.found(main), tree, resources, settings);
        if (tree.search(snapshot).isEmpty()) {
            processes.markEnded();
        }
        Optional<ActiveProfile> profile =
                stateFiles
                        .profile()
                        .flatMap(line -> ActiveProfile.parse(line, settings.programs()));
        return new Sandbox(
                id, directory, processes, profile, settings, lock, fileWork, users, workspaces);
    }

    /** The operating system may have reused the process id. */
    private boolean isOurs(ProcessHandle process, SandboxMark mark, SandboxStateFiles stateFiles) {
        if (table.canReadMarks()) {
            return table.hasMark(process.pid(), mark);
        }
        Optional<Instant> started = process.info().startInstant();
        Optional<Instant> written = stateFiles.startedAt();
        return started.isPresent()
                && written.isPresent()
                && Duration.between(started.get(), written.get()).abs().compareTo(TOLERANCE) <= 0;
    }
}
