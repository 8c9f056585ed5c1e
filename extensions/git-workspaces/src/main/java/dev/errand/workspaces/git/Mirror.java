package dev.errand.workspaces.git;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bare copy of a remote repository, of which checkouts read the objects. Used while its area is
 * locked, except for reading.
 *
 * <p>Objects are deleted only while no checkout uses the mirror. An update is marked by a file, so
 * that the next one repairs what an interrupted one left.
 */
final class Mirror {

    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);
    private static final String UPDATING = "updating";

    /** The unit of the limit of a file's size. */
    private static final int BLOCK_BYTES = 512;

    /** If a mirror has more packs than this, they are combined into one. */
    private static final int MAX_PACKS = 30;

    private final Area area;
    private final RepositoryLocation location;
    private final GitSettings settings;

    Mirror(Area area, RepositoryLocation location, GitSettings settings) {
        this.area = area;
        this.location = location;
        this.settings = settings;
    }

    private Path repository() {
        return MirrorFiles.repository(area.directory());
    }

    /** Asks the remote repository for its branches and tags. */
    RemoteRefs listRemote(Optional<Credential> credential) {
        return RemoteRefs.parse(
                area.git(
                                area.directory(),
                                "ls-remote",
                                "--symref",
                                "--end-of-options",
                                location.url(),
                                "HEAD",
                                RemoteRefs.BRANCHES + "*",
                                RemoteRefs.TAGS + "*")
                        .connect(location, credential)
                        .timeLimit(settings.networkTimeLimit())
                        .run(action("read"))
                        .orThrow(action("read")));
    }

    /**
     * Fetches what the mirror does not have yet.
     *
     * @param branch the branch that is needed; a shallow mirror has only branches that were needed
     * @param inUse whether checkouts use the mirror
     */
    void update(RemoteRefs remote, String branch, Optional<Credential> credential, boolean inUse)
            throws IOException {
        FileTrees.replace(MirrorFiles.used(area.directory()), "", "rw-------");
        boolean interrupted = Files.exists(area.file(UPDATING));
        if (interrupted) {
            LOG.info("Repairing the mirror of {} after an interrupted update", location.url());
            MirrorFiles.repair(repository());
        }
        if (!interrupted && isCurrent(remote, branch)) {
            return;
        }
        FileTrees.replace(area.file(UPDATING), "", "rw-------");
        try {
            fetch(remote, branch, credential);
        } catch (WorkspaceException failure) {
            boolean tooLarge =
                    MirrorFiles.repair(repository())
                            >= settings.limits().repositoryBytes() - BLOCK_BYTES;
            if (tooLarge) {
                WorkspaceException tooLargeFailure =
                        tooLarge("more than " + settings.limits().repositoryBytes());
                tooLargeFailure.initCause(failure);
                throw tooLargeFailure;
            }
            if (failure.reason() != Reason.FAILED || inUse) {
                throw failure;
            }
            LOG.warn("Creating the mirror of {} again", location.url(), failure);
            FileTrees.delete(repository());
            fetch(remote, branch, credential);
        }
        maintain(inUse);
        limitSize(inUse);
        Files.delete(area.file(UPDATING));
    }

    private boolean isCurrent(RemoteRefs remote, String branch) {
        if (!FileTrees.isFile(repository().resolve("HEAD"))) {
            return false;
        }
        Map<String, String> local = new HashMap<>();
        for (String line : listRefs(area, repository()).split("\n")) {
            int space = line.indexOf(' ');
            if (space > 0) {
                local.put(line.substring(space + 1), line.substring(0, space));
            }
        }
        String needed = RemoteRefs.BRANCHES + branch;
        return settings.depth().isPresent()
                ? Objects.equals(remote.objects().get(needed), local.get(needed))
                : remote.objects().equals(local);
    }

    /** Returns lines of the form {@code <object id> <name>}, ordered by name. */
    static String listRefs(Area caller, Path repository) {
        return caller.git(
                        repository,
                        "for-each-ref",
                        "--format=%(objectname) %(refname)",
                        RemoteRefs.BRANCHES,
                        RemoteRefs.TAGS)
                .run("read the mirror")
                .orThrow("read the mirror");
    }

    private void fetch(RemoteRefs remote, String branch, Optional<Credential> credential)
            throws IOException {
        initialize(remote);
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "fetch",
                                "--quiet",
                                "--force",
                                "--no-write-fetch-head",
                                "--no-auto-maintenance",
                                "--no-recurse-submodules"));
        if (settings.partial()) {
            arguments.add("--filter=blob:none");
        }
        if (settings.depth().isPresent()) {
            arguments.addAll(
                    List.of(
                            "--no-tags",
                            "--depth=" + settings.depth().getAsInt(),
                            "origin",
                            "+refs/heads/" + branch + ":refs/heads/" + branch));
        } else {
            arguments.addAll(
                    List.of(
                            "--no-tags",
                            "--prune",
                            "--update-shallow", // A local repository may be a shallow clone.
                            "origin",
                            "+refs/heads/*:refs/heads/*",
                            "+refs/tags/*:refs/tags/*"));
        }
        LOG.debug("Fetching {}", location.url());
        area.git(repository(), arguments.toArray(String[]::new))
                .connect(location, credential)
                .timeLimit(settings.networkTimeLimit())
                .maxFileBytes(settings.limits().repositoryBytes())
                .run(action("fetch"))
                .orThrow(action("fetch"));
        local("pack-refs", "--all");
    }

    private void initialize(RemoteRefs remote) throws IOException {
        if (!FileTrees.isFile(repository().resolve("HEAD"))) {
            FileTrees.delete(repository());
            area.git(
                            area.directory(),
                            "init",
                            "--quiet",
                            "--bare",
                            "--object-format=" + (remote.isSha256() ? "sha256" : "sha1"),
                            repository().toString())
                    .run(action("mirror"))
                    .orThrow(action("mirror"));
            String initial = Files.readString(repository().resolve("config"));
            FileTrees.replace(
                    repository().resolve("config"),
                    initial + ConfigText.remote(location, settings.partial()),
                    "rw-------");
        }
    }

    private void maintain(boolean inUse) throws IOException {
        long packs =
                FileTrees.entries(repository().resolve("objects").resolve("pack")).stream()
                        .filter(file -> file.toString().endsWith(".pack"))
                        .count();
        if (packs > MAX_PACKS) {
            local(
                    "repack",
                    "--quiet",
                    "-a",
                    "-d",
                    inUse ? "--keep-unreachable" : "--no-write-bitmap-index");
        }
    }

    private void local(String... arguments) {
        area.git(repository(), arguments)
                .timeLimit(settings.timeLimit())
                .maxFileBytes(settings.limits().repositoryBytes())
                .run(action("mirror"))
                .orThrow(action("mirror"));
    }

    private void limitSize(boolean inUse) throws IOException {
        long size = FileTrees.size(repository());
        if (size > settings.limits().repositoryBytes()) {
            if (!inUse) {
                FileTrees.delete(repository());
            }
            throw tooLarge(Long.toString(size));
        }
        MirrorFiles.recordSize(area.directory(), size);
    }

    private WorkspaceException tooLarge(String bytes) {
        return new WorkspaceException(
                Reason.TOO_LARGE,
                "The repository %s has %s bytes; %d are allowed."
                        .formatted(
                                location.repository(), bytes, settings.limits().repositoryBytes()));
    }

    /** Fetches the content of the files of a commit, which a partial mirror does not have. */
    void fetchContent(String commit, Optional<Credential> credential) {
        String objects =
                area.git(
                                repository(),
                                "rev-list",
                                "--objects",
                                "--no-walk",
                                "--missing=print",
                                "--end-of-options",
                                commit)
                        .timeLimit(settings.timeLimit())
                        .run(action("read"))
                        .orThrow(action("read"));
        String missing =
                objects.lines()
                        .filter(line -> line.startsWith("?"))
                        .map(line -> line.substring(1) + "\n")
                        .collect(Collectors.joining());
        if (!missing.isEmpty()) {
            area.git(
                            repository(),
                            "-c",
                            "fetch.negotiationAlgorithm=noop",
                            "fetch",
                            "--quiet",
                            "--no-tags",
                            "--no-write-fetch-head",
                            "--no-auto-maintenance",
                            "--recurse-submodules=no",
                            "--filter=blob:none",
                            "--stdin",
                            "origin")
                    .input(missing.getBytes(StandardCharsets.US_ASCII))
                    .connect(location, credential)
                    .timeLimit(settings.networkTimeLimit())
                    .maxFileBytes(settings.limits().repositoryBytes())
                    .run(action("fetch"))
                    .orThrow(action("fetch"));
        }
    }

    private String action(String verb) {
        return verb + " the repository " + location.repository();
    }
}
