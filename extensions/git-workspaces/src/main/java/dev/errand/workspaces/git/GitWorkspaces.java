package dev.errand.workspaces.git;

import dev.errand.spi.Secret;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import dev.errand.spi.workspace.WorkspaceProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks out repositories with the git program.
 *
 * <p>Each repository is mirrored once, in a cache directory on a local disk. Providers of several
 * processes of a machine may share it. A checkout reads the objects of the mirror, so it is created
 * quickly and is small.
 *
 * <p>A run's secret is given to git by a program that answers its question for the password, and
 * only if the question is about the server of the repository. It is not part of any argument, URL
 * or configuration. It is sent over HTTPS only, or over HTTP to this machine. Requires a POSIX
 * system with {@code /bin/sh} and git 2.32 or newer. Thread-safe.
 */
public final class GitWorkspaces implements WorkspaceProvider {

    private static final Logger LOG = LoggerFactory.getLogger(GitWorkspaces.class);

    private final GitProgram git;
    private final LockFile locks;
    private final RepositoryLocations locations;
    private final GitSettings settings;
    private final WorkspaceStates states;
    private final MirrorCache mirrors;

    private GitWorkspaces(
            Path cache,
            GitProgram git,
            LockFile locks,
            RepositoryLocations locations,
            GitSettings settings)
            throws IOException {
        this.git = git;
        this.locks = locks;
        this.locations = locations;
        this.settings = settings;
        this.states = new WorkspaceStates(git, locks, cache);
        this.mirrors = new MirrorCache(git, locks, cache, states, settings);
    }

    /**
     * Returns a builder for a provider with a cache directory and the locations of repositories.
     */
    public static GitWorkspacesBuilder builder(Path cache, RepositoryLocations locations) {
        return new GitWorkspacesBuilder(cache, locations);
    }

    static GitWorkspaces open(Path cache, RepositoryLocations locations, GitSettings settings)
            throws IOException {
        FileTrees.createDirectories(cache);
        LockFile locks = LockFile.open(cache.resolve(".errand-git.lock"));
        try {
            GitProgram git = GitProgram.install(cache, System.getenv(), settings);
            GitWorkspaces opened = new GitWorkspaces(cache, git, locks, locations, settings);
            opened.mirrors.recover();
            opened.states.forgetDeleted();
            return opened;
        } catch (IOException | RuntimeException failure) {
            locks.close();
            throw failure;
        }
    }

    @Override
    public Optional<Workspace> prepare(LaunchRequest request, Path directory) {
        Optional<String> repository =
                request.task().details().repository().filter(name -> !name.isBlank());
        return repository.map(
                name -> inArea(request.sandbox(), area -> prepare(area, request, name, directory)));
    }

    private Workspace prepare(Area area, LaunchRequest request, String repository, Path directory)
            throws IOException {
        Path target = directory.toAbsolutePath().normalize();
        Optional<WorkspaceStates.State> earlier = WorkspaceStates.read(area.directory());
        if (earlier.isPresent()) {
            if (earlier.get().complete() && FileTrees.isDirectory(earlier.get().directory())) {
                return workspace(request.sandbox(), earlier.get());
            }
            FileTrees.delete(earlier.get().directory());
        }
        if (!FileTrees.entries(target).isEmpty() || FileTrees.isFile(target)) {
            FileTrees.delete(area.directory());
            throw new WorkspaceException(
                    Reason.FAILED, "The directory of a workspace is not empty: " + target);
        }
        try {
            RepositoryLocation location = locations.resolve(repository);
            WorkspaceStates.State state = checkOut(area, request, location, target);
            return workspace(request.sandbox(), state);
        } catch (IOException | RuntimeException failure) {
            try {
                FileTrees.delete(target);
                FileTrees.delete(area.directory());
            } catch (IOException suppressed) {
                failure.addSuppressed(suppressed);
            }
            throw failure;
        }
    }

    private WorkspaceStates.State checkOut(
            Area area, LaunchRequest request, RepositoryLocation location, Path directory)
            throws IOException {
        Optional<Credential> credential = credential(location, request.secrets());
        MirrorCache.Base base =
                mirrors.withCurrent(
                        location,
                        requestedBranch(request),
                        credential,
                        // Written while the mirror is locked, so that it is not deleted.
                        it -> begin(area, state(request, location, directory, it)));
        WorkspaceStates.State state = state(request, location, directory, base);
        new Checkout(area, settings, location, directory, base)
                .create(state.workBranch(), credential);
        WorkspaceStates.write(area.directory(), state.completed());
        LOG.debug("Checked out {} of {} in {}", base.branch(), location.url(), directory);
        mirrors.evict();
        return state;
    }

    /**
     * Returns the branch to check out. The run's own work branch, which an earlier attempt may have
     * reported, is not one that somebody requested.
     */
    private Optional<String> requestedBranch(LaunchRequest request) {
        return settings.requestedBranch()
                .apply(request)
                .filter(branch -> !BranchNames.isWorkBranch(branch, request));
    }

    private static void begin(Area area, WorkspaceStates.State state) throws IOException {
        WorkspaceStates.write(area.directory(), state);
        Path shallow = MirrorFiles.repository(state.mirror()).resolve(CollectorRepository.SHALLOW);
        if (FileTrees.isFile(shallow)) {
            Files.copy(
                    shallow,
                    area.file(CollectorRepository.SHALLOW),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private WorkspaceStates.State state(
            LaunchRequest request,
            RepositoryLocation location,
            Path directory,
            MirrorCache.Base base) {
        return new WorkspaceStates.State(
                false,
                location.repository(),
                directory,
                base.mirror(),
                base.branch(),
                base.commit(),
                settings.newWorkBranch() ? BranchNames.workBranch(request) : base.branch());
    }

    private static Workspace workspace(SandboxId sandbox, WorkspaceStates.State state) {
        return new Workspace(
                sandbox,
                state.repository(),
                state.directory(),
                state.baseBranch(),
                state.baseCommit(),
                state.workBranch(),
                List.of(MirrorFiles.repository(state.mirror()).resolve("objects")));
    }

    private Optional<Credential> credential(
            RepositoryLocation location, Map<String, Secret> secrets) {
        String user = location.user().isEmpty() ? settings.userName() : location.user();
        return Optional.ofNullable(secrets.get(settings.secretName()))
                .filter(secret -> location.acceptsPassword())
                .map(secret -> new Credential(location, user, secret));
    }

    @Override
    public Optional<Workspace> find(SandboxId sandbox) {
        try {
            return WorkspaceStates.read(states.directory(sandbox))
                    .filter(WorkspaceStates.State::complete)
                    .map(state -> workspace(sandbox, state));
        } catch (IOException failure) {
            throw Failures.of("find the workspace of " + sandbox, failure);
        }
    }

    @Override
    public Changes collect(Workspace workspace, Map<String, Secret> secrets) {
        return inArea(
                workspace.sandbox(),
                area -> {
                    WorkspaceStates.State state =
                            WorkspaceStates.read(area.directory())
                                    .filter(WorkspaceStates.State::complete)
                                    .filter(it -> FileTrees.isDirectory(it.directory()))
                                    .orElseThrow(
                                            () ->
                                                    new WorkspaceException(
                                                            Reason.FAILED,
                                                            "The workspace of "
                                                                    + workspace.sandbox()
                                                                    + " does not exist."));
                    RepositoryLocation location = locations.resolve(state.repository());
                    return new ChangeCollector(area, settings, state, location)
                            .collect(credential(location, secrets));
                });
    }

    @Override
    public void discard(SandboxId sandbox) {
        if (!FileTrees.isDirectory(states.directory(sandbox))) {
            return;
        }
        inArea(
                sandbox,
                area -> {
                    Optional<WorkspaceStates.State> state = WorkspaceStates.read(area.directory());
                    if (state.isPresent()) {
                        FileTrees.delete(state.get().directory());
                    }
                    FileTrees.delete(area.directory());
                    return sandbox;
                });
    }

    /**
     * An action on a workspace.
     *
     * @param <T> its result
     */
    @FunctionalInterface
    private interface AreaAction<T> {
        T run(Area area) throws IOException;
    }

    private <T> T inArea(SandboxId sandbox, AreaAction<T> action) {
        try (Area area = Area.enter(git, locks, states.directory(sandbox), settings.timeLimit())) {
            return action.run(area);
        } catch (TimeoutException busy) {
            throw new WorkspaceException(
                    Reason.FAILED, "Another call uses the workspace of " + sandbox + ".", busy);
        } catch (IOException failure) {
            throw Failures.of("use the workspace of " + sandbox, failure);
        }
    }

    @Override
    public void close() {
        git.close();
        try {
            locks.close();
        } catch (IOException failure) {
            LOG.warn("Cannot close the lock file", failure);
        }
    }
}
