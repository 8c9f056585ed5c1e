package dev.errand.process;

import dev.errand.process.FileWork.Task;
import dev.errand.spi.Secret;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workspaces of a launcher's sandboxes: prepared on the thread that launches a sandbox,
 * collected and discarded on threads for work on files. Thread-safe.
 */
final class SandboxWorkspaces {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxWorkspaces.class);

    private final Optional<WorkspaceProvider> provider;
    private final FileWork fileWork;

    // guarded by this
    private final Set<Thread> preparing = new HashSet<>();
    private boolean closing;

    SandboxWorkspaces(Optional<WorkspaceProvider> provider, FileWork fileWork) {
        this.provider = provider;
        this.fileWork = fileWork;
    }

    /** Returns whether a sandbox starts in a checkout. */
    boolean isNeededFor(LaunchRequest request) {
        return provider.isPresent()
                && request.task().details().repository().filter(it -> !it.isBlank()).isPresent();
    }

    /**
     * Checks out the repository into the directory of a sandbox, which exists and is empty. Keeps
     * the run's secrets for {@link #collect} where an agent of another user cannot replace them.
     *
     * @throws dev.errand.spi.PortException if that fails or the launcher is closed
     */
    void prepare(LaunchRequest request, SandboxDirectory directory) throws IOException {
        enter();
        try {
            provider.orElseThrow().prepare(request, directory.workspace());
            PrivateFiles.createDirectories(directory.collectorSecrets());
            for (Map.Entry<String, Secret> secret : request.secrets().entrySet()) {
                PrivateFiles.create(
                        directory.collectorSecrets().resolve(secret.getKey()),
                        secret.getValue().reveal());
            }
        } catch (WorkspaceException failure) {
            throw failure.toLaunchFailure();
        } finally {
            leave();
        }
    }

    /**
     * Checks that a user can read everything that the checkout of a sandbox reads.
     *
     * @throws dev.errand.spi.PortException if it cannot
     */
    void checkAccess(SandboxId id, SandboxUser user) throws IOException {
        Optional<Workspace> workspace = provider.flatMap(it -> it.find(id));
        for (Path path : workspace.map(Workspace::readOnlyPaths).orElse(List.of())) {
            if (!SandboxUserFinder.succeeds(user, "cd \"$1\" && test -r .", path)) {
                throw PortExceptions.permanent(
                        "sandbox user %s cannot read %s, which its checkout needs; make the provider of workspaces readable for other users, and run chmod o+x for the directories above its cache"
                                .formatted(user.name(), path));
            }
        }
    }

    private synchronized void enter() {
        if (closing) {
            throw PortExceptions.permanent("the launcher is closed; use a launcher that is open");
        }
        preparing.add(Thread.currentThread());
    }

    private synchronized void leave() {
        preparing.remove(Thread.currentThread());
        if (closing) {
            Thread.interrupted(); // The interrupt was meant for the preparation only.
        }
    }

    /** Interrupts preparations and accepts no further ones. What was collected so far is kept. */
    synchronized void close() {
        closing = true;
        preparing.forEach(Thread::interrupt);
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    /**
     * Starts to collect what the agent changed, once for each sandbox, and then erases the secrets
     * that were kept for it. Empty if there is nothing to collect. The result says whether the
     * secrets are erased.
     */
    Optional<Task<Boolean>> startCollecting(
            SandboxId id, SandboxDirectory directory, Duration maxErasure) {
        return provider.isPresent() && Files.isDirectory(directory.collectorSecrets())
                ? Optional.of(
                        fileWork.start(() -> collect(provider.get(), id, directory, maxErasure)))
                : Optional.empty();
    }

    private boolean collect(
            WorkspaceProvider workspaces,
            SandboxId id,
            SandboxDirectory directory,
            Duration maxErasure)
            throws IOException {
        if (!CollectedChanges.exist(directory)) {
            Optional<CollectedChanges> collected = tryCollect(workspaces, id, directory);
            if (collected.isEmpty()) {
                return false; // The next launcher collects, with the secrets.
            }
            collected.get().write(directory);
        }
        directory.eraseCollectorSecrets(maxErasure);
        return true;
    }

    private Optional<CollectedChanges> tryCollect(
            WorkspaceProvider workspaces, SandboxId id, SandboxDirectory directory) {
        try {
            Optional<Workspace> workspace = workspaces.find(id);
            if (workspace.isEmpty()) {
                return Optional.of(
                        CollectedChanges.none(
                                "The changes of the agent are lost: it has no"
                                        + " workspace any more."));
            }
            Changes changes =
                    workspaces.collect(workspace.get(), secrets(directory.collectorSecrets()));
            if (changes.patch().isPresent()) {
                Files.deleteIfExists(directory.patch());
                try (InputStream patch = changes.patch().get().content().open()) {
                    PrivateFiles.create(directory.patch(), patch);
                }
            }
            return Optional.of(ChangesReport.of(workspace.get(), changes));
        } catch (IOException | WorkspaceException failure) {
            if (isClosing()) {
                return Optional.empty();
            }
            LOG.warn("{}: cannot collect the changes of the agent", id, failure);
            return Optional.of(
                    CollectedChanges.none(
                            "The changes of the agent could not be collected: "
                                    + failure.getMessage()));
        }
    }

    private static Map<String, Secret> secrets(Path directory) throws IOException {
        Map<String, Secret> secrets = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                try (InputStream in = UntrustedFiles.newInputStream(file)) {
                    secrets.put(
                            file.getFileName().toString(),
                            Secret.of(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                }
            }
        } catch (NoSuchFileException erased) {
            return Map.of();
        }
        return secrets;
    }

    /** Adds the collected changes to an exit; a sandbox without workspace has none. */
    static SandboxExit addChanges(SandboxExit exit, SandboxDirectory directory) {
        try {
            return CollectedChanges.exist(directory)
                    ? CollectedChanges.read(directory).addTo(exit, directory)
                    : exit;
        } catch (IOException unreadable) {
            LOG.warn("Cannot read the changes in {}", directory.changes(), unreadable);
            return exit;
        }
    }

    /** Deletes the workspace of a sandbox whose directory was removed, in the background. */
    void discard(SandboxId id) {
        provider.ifPresent(
                workspaces ->
                        fileWork.start(
                                () -> {
                                    try {
                                        workspaces.discard(id);
                                    } catch (WorkspaceException failure) {
                                        LOG.warn("{}: cannot discard its workspace", id, failure);
                                    }
                                    return id;
                                }));
    }
}
