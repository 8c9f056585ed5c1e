package dev.errand.workspaces.git;

import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Checks out the submodules of a checkout, and theirs. */
final class Submodules {

    private static final String ACTION = "check out the submodules";
    private static final int MAX_DEPTH = 5;
    private static final int MAX_SUBMODULES = 100;

    private final Area area;
    private final GitSettings settings;
    private final Optional<Credential> credential;
    private int count;

    Submodules(Area area, GitSettings settings, Optional<Credential> credential) {
        this.area = area;
        this.settings = settings;
        this.credential = credential;
    }

    /**
     * Checks out the submodules of a commit.
     *
     * @throws WorkspaceException with {@link Reason#UNSAFE_CONTENT} if the URL of one is not
     *     allowed; nothing was fetched from it then
     */
    void checkOut(RepositoryLocation location, Path directory, String commit, int depth) {
        Map<String, String> values = values(directory, commit);
        Map<String, RepositoryLocation> byPath = new HashMap<>();
        values.forEach(
                (key, url) -> {
                    if (key.startsWith("submodule.") && key.endsWith(".url")) {
                        String name = key.substring(0, key.length() - ".url".length());
                        RepositoryLocation submodule = locate(location, name, url);
                        Optional.ofNullable(values.get(name + ".path"))
                                .ifPresent(path -> byPath.put(path, submodule));
                    }
                });
        count += byPath.size();
        if (byPath.isEmpty()) {
            return;
        }
        if (depth > MAX_DEPTH || count > MAX_SUBMODULES) {
            throw new WorkspaceException(
                    Reason.TOO_LARGE, "The repository contains too many submodules.");
        }
        area.git(directory, "submodule", "--quiet", "update", "--init")
                .connect(location, credential)
                .timeLimit(settings.networkTimeLimit())
                .maxFileBytes(settings.limits().repositoryBytes())
                .run(ACTION)
                .orThrow(ACTION);
        byPath.forEach((path, submodule) -> descend(submodule, directory.resolve(path), depth));
    }

    private void descend(RepositoryLocation submodule, Path directory, int depth) {
        if (FileTrees.isFile(directory.resolve(".git"))) {
            String head =
                    area.git(directory, "rev-parse", "--verify", "HEAD")
                            .run(ACTION)
                            .orThrow(ACTION);
            checkOut(submodule, directory, head.strip(), depth + 1);
        }
    }

    /** Returns the values of {@code .gitmodules}; none if the commit has no such file. */
    private Map<String, String> values(Path directory, String commit) {
        String file = commit + ":.gitmodules";
        Map<String, String> values = new HashMap<>();
        if (area.git(directory, "cat-file", "-e", file).run(ACTION).isSuccess()) {
            String output =
                    area.git(directory, "config", "--no-includes", "-z", "--list", "--blob", file)
                            .run(ACTION)
                            .orThrow(ACTION);
            for (String entry : output.split("\0")) {
                int newline = entry.indexOf('\n');
                if (newline > 0) {
                    values.put(entry.substring(0, newline), entry.substring(newline + 1));
                }
            }
        }
        return values;
    }

    private static RepositoryLocation locate(RepositoryLocation location, String name, String url) {
        return SubmoduleUrls.resolve(location, url)
                .orElseThrow(
                        () ->
                                new WorkspaceException(
                                        Reason.UNSAFE_CONTENT,
                                        "The URL of %s is not allowed: %s. Submodules must be at %s"
                                                .formatted(
                                                        Texts.printable(name, 100),
                                                        Texts.printable(url, 200),
                                                        location.base())));
    }
}
