package dev.errand.workspaces.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Creates the directory in which an agent works: a repository of its own, which reads the objects
 * of the mirror and writes its own. The agent cannot change the mirror through it, and its deletion
 * frees everything that the agent created.
 */
final class Checkout {

    private static final String ACTION = "check out the repository";

    private final Area area;
    private final GitSettings settings;
    private final RepositoryLocation location;
    private final Path directory;
    private final MirrorCache.Base base;

    Checkout(
            Area area,
            GitSettings settings,
            RepositoryLocation location,
            Path directory,
            MirrorCache.Base base) {
        this.area = area;
        this.settings = settings;
        this.location = location;
        this.directory = directory;
        this.base = base;
    }

    private Path mirror() {
        return MirrorFiles.repository(base.mirror());
    }

    /** Creates the checkout in a directory that is missing or empty. */
    void create(String workBranch, Optional<Credential> credential) throws IOException {
        checkContent();
        FileTrees.createDirectories(directory);
        run("init", "--quiet", "--object-format=" + (base.refs().isSha256() ? "sha256" : "sha1"));
        Path git = directory.resolve(".git");
        Path config = git.resolve("config");
        Files.writeString(
                config,
                ConfigText.remote(location, settings.partial())
                        + ConfigText.remoteBranches()
                        + ConfigText.author(settings.authorName(), settings.authorEmail())
                        + branchConfig(workBranch),
                StandardOpenOption.APPEND);
        Files.createDirectories(git.resolve("info"));
        Files.writeString(alternates(directory), mirror().resolve("objects") + "\n");
        copyRefs(git);
        run("checkout", "--quiet", "--no-track", "-B", workBranch, base.commit(), "--");
        if (settings.submodules()) {
            new Submodules(area, settings, credential)
                    .checkOut(location, directory, base.commit(), 1);
        }
        if (settings.largeFiles()) {
            fetchLargeFiles(credential);
        }
    }

    /** Returns the file that names the objects of the mirror. */
    static Path alternates(Path directory) {
        return directory.resolve(".git").resolve("objects").resolve("info").resolve("alternates");
    }

    private void checkContent() {
        area.git(
                        mirror(),
                        "ls-tree",
                        "-r",
                        "-l",
                        "-z",
                        "--full-tree",
                        "--end-of-options",
                        base.commit())
                .timeLimit(settings.timeLimit())
                .read(ACTION, output -> TreeInspector.check(output, settings.limits()))
                .orThrow(ACTION);
    }

    private static String branchConfig(String workBranch) {
        return """
        [branch %s]
        \tremote = origin
        \tmerge = %s
        """
                .formatted(
                        ConfigText.quoted(workBranch),
                        ConfigText.quoted(RemoteRefs.BRANCHES + workBranch));
    }

    /** Makes the branches of the mirror the branches of the remote repository {@code origin}. */
    private void copyRefs(Path git) throws IOException {
        StringBuilder packed = new StringBuilder();
        Mirror.listRefs(area, mirror())
                .lines()
                .forEach(
                        line ->
                                packed.append(
                                                line.replaceFirst(
                                                        " refs/heads/", " refs/remotes/origin/"))
                                        .append('\n'));
        Files.writeString(git.resolve("packed-refs"), packed.toString());
        Path shallow = mirror().resolve("shallow");
        if (FileTrees.isFile(shallow)) {
            Files.copy(shallow, git.resolve("shallow"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (base.refs().defaultBranch().isPresent()) {
            Path origin = Files.createDirectories(git.resolve("refs/remotes/origin"));
            Files.writeString(
                    origin.resolve("HEAD"),
                    "ref: refs/remotes/origin/" + base.refs().defaultBranch().get() + "\n");
        }
    }

    private void fetchLargeFiles(Optional<Credential> credential) {
        String action = "fetch the large files of the repository";
        List<String> arguments = new ArrayList<>(LargeFiles.FILTERS);
        arguments.addAll(List.of("-c", "lfs.url=" + LargeFiles.url(location), "lfs", "pull"));
        area.git(directory, arguments.toArray(String[]::new))
                .variable("GIT_LFS_SKIP_SMUDGE", "0")
                .connect(location, credential)
                .timeLimit(settings.networkTimeLimit())
                .maxFileBytes(settings.limits().fileBytes())
                .run(action)
                .orThrow(action);
    }

    private void run(String... arguments) {
        area.git(directory, arguments)
                .timeLimit(settings.timeLimit())
                .maxFileBytes(
                        Math.max(
                                settings.limits().fileBytes(), settings.limits().repositoryBytes()))
                .run(ACTION)
                .orThrow(ACTION);
    }
}
