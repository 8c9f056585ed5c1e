package dev.errand.workspaces.git;

import java.util.List;

/** How Errand's calls of git use Git LFS. */
final class LargeFiles {

    /** Options that convert between large files and their pointers. */
    static final List<String> FILTERS =
            List.of(
                    "-c",
                    "filter.lfs.clean=git-lfs clean -- %f",
                    "-c",
                    "filter.lfs.smudge=git-lfs smudge -- %f",
                    "-c",
                    "filter.lfs.process=git-lfs filter-process",
                    "-c",
                    "filter.lfs.required=true");

    private LargeFiles() {}

    /**
     * Returns where the large files of a repository are. It is given to each call, because a
     * repository can name another server in its file {@code .lfsconfig}.
     */
    static String url(RepositoryLocation location) {
        if (location.isLocal()) {
            return "file://" + location.url();
        }
        return location.protocol().startsWith("http")
                ? location.url().replaceFirst("(\\.git)?/?$", ".git/info/lfs")
                : location.url();
    }
}
