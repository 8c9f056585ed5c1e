package dev.errand.workspaces.git;

import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Changes.Commit;
import dev.errand.spi.workspace.Changes.Push;
import dev.errand.spi.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares a checkout with the commit that was checked out. Used by one thread, once. */
final class ChangeCollector {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeCollector.class);
    private static final int MAX_COMMITS = 100;
    private static final int MAX_PROBLEMS = 20;
    private static final int MAX_TEXT_LENGTH = 500;
    private static final String PATCH = "changes.patch";
    private static final String MESSAGE = "Changes that the agent did not commit";

    private final Area area;
    private final GitSettings settings;
    private final WorkspaceStates.State state;
    private final RepositoryLocation location;
    private final CollectorRepository repository;
    private final Pusher pusher;
    private final List<String> problems = new ArrayList<>();

    ChangeCollector(
            Area area,
            GitSettings settings,
            WorkspaceStates.State state,
            RepositoryLocation location) {
        this.area = area;
        this.settings = settings;
        this.state = state;
        this.location = location;
        this.repository = new CollectorRepository(area, settings, state.directory());
        this.pusher = new Pusher(repository, location, settings);
    }

    Changes collect(Optional<Credential> credential) throws IOException {
        AgentRepository agent = new AgentRepository(state.directory());
        Path mirrorObjects = MirrorFiles.repository(state.mirror()).resolve("objects");
        if (!agent.hasSafeObjects(mirrorObjects)) {
            return collect(agent, mirrorObjects, false, credential);
        }
        try {
            return collect(agent, mirrorObjects, true, credential);
        } catch (WorkspaceException unreadable) {
            LOG.debug("Cannot read the objects of {}", state.directory(), unreadable);
            problems.clear();
            return collect(agent, mirrorObjects, false, credential);
        }
    }

    /**
     * @param safe whether the objects of the agent are read
     */
    private Changes collect(
            AgentRepository agent,
            Path mirrorObjects,
            boolean safe,
            Optional<Credential> credential)
            throws IOException {
        repository.create(
                state.baseCommit(),
                safe ? List.of(agent.objects(), mirrorObjects) : List.of(mirrorObjects),
                location);
        Optional<AgentRepository.Head> head = safe ? agent.head() : Optional.empty();
        String base = state.baseCommit();
        String commit =
                head.flatMap(AgentRepository.Head::commit).filter(this::isCommit).orElse(base);
        if (head.flatMap(AgentRepository.Head::commit).filter(commit::equals).isEmpty()) {
            problems.add(
                    "The commits of the agent cannot be read; its files were compared instead.");
        }
        String tree = tree(commit);
        boolean uncommitted = !tree.equals(treeOf(commit));
        long commitCount = countCommits(base, commit);
        Difference difference = new Difference(repository, base, tree);
        Difference.Files files = difference.files();
        Optional<OutputArtifact> patch =
                files.count() == 0 ? Optional.empty() : writePatch(difference);
        Optional<String> pushed =
                settings.push()
                        ? Optional.of(uncommitted ? commitTree(tree, commit) : commit)
                        : Optional.empty();
        Push push =
                pushed.filter(id -> !id.equals(base))
                        .map(id -> pusher.push(id, state.workBranch(), credential))
                        .orElse(new Push.NotRequested());
        String headCommit = push instanceof Push.Pushed ? pushed.orElse(commit) : commit;
        return new Changes(
                head.flatMap(AgentRepository.Head::branch),
                headCommit,
                commitCount,
                commitCount == 0 ? List.of() : commits(base, commit),
                files.count(),
                files.first(),
                uncommitted,
                patch,
                push,
                problems.stream().limit(MAX_PROBLEMS).toList());
    }

    private boolean isCommit(String id) {
        return id.length() == state.baseCommit().length()
                && repository.call("cat-file", "-e", id + "^{commit}").run("read HEAD").isSuccess();
    }

    private String treeOf(String commit) {
        return CollectorRepository.output(
                repository.call("rev-parse", "--verify", "--end-of-options", commit + "^{tree}"));
    }

    /** Returns the tree of the files as they are now. */
    private String tree(String commit) {
        CollectorRepository.output(repository.callOnFiles("read-tree", commit));
        Set<String> candidates =
                new LinkedHashSet<>(
                        CollectorRepository.texts(
                                repository.callOnFiles(
                                        "ls-files",
                                        "-z",
                                        "--deleted",
                                        "--modified",
                                        "--others",
                                        "--exclude-standard"),
                                CollectorRepository.BYTES));
        StringBuilder added = new StringBuilder();
        for (String path : candidates) {
            Optional<String> problem = problem(path);
            problem.ifPresent(text -> problems.add(printable(path) + " was left out: " + text));
            if (problem.isEmpty()) {
                added.append(path).append('\0');
            }
        }
        if (!added.isEmpty()) {
            CollectorRepository.output(
                    repository
                            .callOnFiles(
                                    "update-index",
                                    "--add",
                                    "--remove",
                                    "--replace",
                                    "-z",
                                    "--stdin")
                            .input(added.toString().getBytes(CollectorRepository.BYTES)));
        }
        return CollectorRepository.output(repository.callOnFiles("write-tree"));
    }

    /** Returns why a path cannot be added. */
    private Optional<String> problem(String path) {
        if (path.endsWith("/")) {
            return Optional.of("it is a repository of its own");
        }
        try {
            Path file = state.directory().resolve(CollectorRepository.decoded(path));
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            long size = Files.size(file);
            if (size > settings.limits().fileBytes()) {
                return Optional.of(
                        "it has %d bytes, and %d are allowed"
                                .formatted(size, settings.limits().fileBytes()));
            }
            return Files.isReadable(file) ? Optional.empty() : Optional.of("it cannot be read");
        } catch (InvalidPathException | IOException unknown) {
            // Git decides. Deleted files have no size, and not every locale can express every name.
            return Optional.empty();
        }
    }

    private long countCommits(String base, String commit) {
        try {
            return Long.parseLong(
                    CollectorRepository.output(
                            repository.call("rev-list", "--count", base + ".." + commit)));
        } catch (WorkspaceException failure) {
            problems.add("The commits cannot be counted: " + failure.getMessage());
            return 0;
        }
    }

    private List<Commit> commits(String base, String commit) {
        List<String> texts =
                CollectorRepository.texts(
                        repository.call(
                                "log",
                                "-z",
                                "--max-count=" + MAX_COMMITS,
                                "--encoding=UTF-8",
                                "--format=tformat:%H%x00%an%x00%s",
                                base + ".." + commit),
                        StandardCharsets.UTF_8);
        List<Commit> commits = new ArrayList<>();
        for (int i = 0; i + 2 < texts.size(); i += 3) {
            commits.add(
                    new Commit(
                            texts.get(i),
                            Texts.printable(texts.get(i + 1), MAX_TEXT_LENGTH),
                            Texts.printable(texts.get(i + 2), MAX_TEXT_LENGTH)));
        }
        return commits;
    }

    private String commitTree(String tree, String parent) {
        return CollectorRepository.output(
                repository.call("commit-tree", tree, "-p", parent, "-m", MESSAGE));
    }

    private Optional<OutputArtifact> writePatch(Difference difference) throws IOException {
        Path patch = area.file(PATCH);
        long maxBytes = settings.limits().patchBytes();
        if (!difference.writePatch(patch, maxBytes)) {
            Files.delete(patch);
            problems.add("The patch was left out: it has more than %d bytes.".formatted(maxBytes));
            return Optional.empty();
        }
        return Optional.of(
                new OutputArtifact(
                        PATCH,
                        Files.size(patch),
                        "text/x-diff",
                        () -> Files.newInputStream(patch)));
    }

    private static String printable(String path) {
        return Texts.printable(CollectorRepository.decoded(path), 200);
    }
}
