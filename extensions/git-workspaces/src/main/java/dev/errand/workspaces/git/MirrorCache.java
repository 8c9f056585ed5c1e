package dev.errand.workspaces.git;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mirrors of all repositories, in one directory for each server. Thread-safe.
 *
 * <p>The remote repository is queried for its branches and tags before a mirror is used. Requests
 * that arrive before a query is sent share its answer, but only if they have the same credential:
 * the answer also proves that the run may read the repository.
 */
final class MirrorCache {

    private static final Logger LOG = LoggerFactory.getLogger(MirrorCache.class);
    private static final int MAX_ANSWERS = 1000;
    private static final int MAX_NAME_LENGTH = 60;

    /**
     * The answer of a remote repository.
     *
     * @param askedAt when it was asked, as returned by {@link System#nanoTime}
     */
    private record Answer(long askedAt, RemoteRefs refs) {}

    /**
     * A commit of a mirror.
     *
     * @param mirror the directory of the mirror
     */
    record Base(Path mirror, String branch, String commit, RemoteRefs refs) {}

    private final GitProgram git;
    private final Path cache;
    private final String secret;
    private final LockFile locks;
    private final Path root;
    private final Path trash;
    private final WorkspaceStates states;
    private final GitSettings settings;

    /** Guarded by itself. The least recently used answers are dropped. */
    private final Map<String, Answer> answers =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
                    return size() > MAX_ANSWERS;
                }
            };

    MirrorCache(
            GitProgram git,
            LockFile locks,
            Path cache,
            WorkspaceStates states,
            GitSettings settings)
            throws IOException {
        this.git = git;
        this.cache = cache;
        this.secret = MirrorAccess.secret(cache);
        this.locks = locks;
        this.root = cache.resolve("mirrors");
        this.trash = cache.resolve("trash");
        this.states = states;
        this.settings = settings;
    }

    /**
     * Runs an action while the mirror has the requested branch as it is in the remote repository
     * now, and no other call changes the mirror.
     */
    Base withCurrent(
            RepositoryLocation location,
            Optional<String> requested,
            Optional<Credential> credential,
            IoConsumer<Base> action)
            throws IOException {
        long arrivedAt = System.nanoTime();
        Path directory = directory(location);
        try (Area area =
                Area.enter(
                        git,
                        locks,
                        directory,
                        settings.networkTimeLimit().plus(settings.timeLimit()))) {
            Mirror mirror = new Mirror(area, location, settings);
            RemoteRefs refs = ask(mirror, directory, credential, arrivedAt);
            String branch = branch(location, refs, requested);
            String commit = refs.commit(branch).orElseThrow(() -> unknown(location, branch));
            mirror.update(refs, branch, credential, states.areUsing(directory));
            if (settings.partial()) {
                mirror.fetchContent(commit, credential);
            }
            if (settings.readableByOtherUsers()) {
                MirrorAccess.open(cache, directory);
            }
            Base base = new Base(directory, branch, commit, refs);
            action.accept(base);
            return base;
        } catch (TimeoutException busy) {
            throw new WorkspaceException(
                    Reason.UNREACHABLE,
                    "The repository " + location.repository() + " is still being fetched.",
                    busy);
        }
    }

    private RemoteRefs ask(
            Mirror mirror, Path directory, Optional<Credential> credential, long arrivedAt) {
        String key = directory + " " + credential.map(Credential::fingerprint).orElse("");
        synchronized (answers) {
            Answer answer = answers.get(key);
            if (answer != null && answer.askedAt - arrivedAt > 0) {
                return answer.refs;
            }
        }
        long askedAt = System.nanoTime();
        RemoteRefs refs = mirror.listRemote(credential);
        synchronized (answers) {
            answers.put(key, new Answer(askedAt, refs));
        }
        return refs;
    }

    private static String branch(
            RepositoryLocation location, RemoteRefs refs, Optional<String> requested) {
        if (requested.isPresent()) {
            return requested
                    .filter(BranchNames::isValid)
                    .orElseThrow(() -> unknown(location, requested.get()));
        }
        return refs.defaultBranch()
                .orElseThrow(
                        () ->
                                new WorkspaceException(
                                        Reason.BRANCH_UNKNOWN,
                                        "The repository "
                                                + location.repository()
                                                + " has no default branch. Name a branch."));
    }

    private static WorkspaceException unknown(RepositoryLocation location, String branch) {
        return new WorkspaceException(
                Reason.BRANCH_UNKNOWN,
                "The repository %s has no branch named \"%s\"."
                        .formatted(location.repository(), Texts.printable(branch, 255)));
    }

    /** Returns the directory of a mirror: a readable name, unique by a keyed digest of the URL. */
    private Path directory(RepositoryLocation location) {
        String name = readable(location.repository().replace('/', '-'));
        String variant = settings.partial() ? "partial " : settings.depth() + " ";
        String digest = Texts.digest(secret + variant + location.url()).substring(0, 24);
        return root.resolve(readable(location.host())).resolve(name + "-" + digest);
    }

    private static String readable(String text) {
        String safe = text.replaceAll("[^A-Za-z0-9.-]", "_").replaceFirst("^[.-]", "_");
        return safe.substring(0, Math.min(safe.length(), MAX_NAME_LENGTH));
    }

    /**
     * Deletes the least recently used mirrors until the others are within the limit. Mirrors that
     * checkouts use are kept.
     */
    void evict() throws IOException {
        List<Path> mirrors = mirrors();
        long total = 0;
        for (Path mirror : mirrors) {
            total += MirrorFiles.size(mirror);
        }
        if (total <= settings.limits().cacheBytes()) {
            return;
        }
        states.forgetDeleted();
        mirrors.sort(Comparator.comparing(MirrorCache::usedAt));
        for (Path mirror : mirrors) {
            if (total <= settings.limits().cacheBytes()) {
                return;
            }
            long size = MirrorFiles.size(mirror);
            if (tryDelete(mirror)) {
                LOG.info("Deleted the mirror {} of {} bytes", mirror, size);
                total -= size;
            }
        }
    }

    private static FileTime usedAt(Path mirror) {
        try {
            return Files.getLastModifiedTime(MirrorFiles.used(mirror));
        } catch (IOException neverUsed) {
            return FileTime.fromMillis(0);
        }
    }

    private boolean tryDelete(Path mirror) throws IOException {
        Optional<Area> entered = Area.tryEnter(git, locks, mirror);
        if (entered.isEmpty()) {
            return false;
        }
        Path moved = trash.resolve(UUID.randomUUID().toString());
        try (Area area = entered.get()) {
            if (states.areUsing(area.directory())) {
                return false;
            }
            FileTrees.createDirectories(trash);
            Files.move(mirror, moved, StandardCopyOption.ATOMIC_MOVE);
        }
        FileTrees.delete(moved);
        return true;
    }

    /** Ends and deletes what hosts that were killed have left, such as files with credentials. */
    void recover() throws IOException {
        for (Path directory : FileTrees.entries(trash)) {
            FileTrees.delete(directory);
        }
        for (Path mirror : mirrors()) {
            Optional<Area> entered = Area.tryEnter(git, locks, mirror);
            if (entered.isPresent()) {
                entered.get().close();
            }
        }
    }

    private List<Path> mirrors() throws IOException {
        List<Path> mirrors = new ArrayList<>();
        for (Path host : FileTrees.entries(root)) {
            mirrors.addAll(FileTrees.entries(host));
        }
        return mirrors;
    }
}
