package dev.errand.workspaces.git;

/**
 * Limits of sizes and counts.
 *
 * @param repositoryBytes the maximum size of the mirror of a repository
 * @param cacheBytes the maximum size of all mirrors together; mirrors in use may exceed it
 * @param checkoutBytes the maximum size of the files of a checkout, not counting submodules and
 *     files of Git LFS
 * @param checkoutFiles the maximum number of files of a checkout
 * @param fileBytes the maximum size of a file in a checkout, and of a changed file
 * @param patchBytes the maximum size of a patch
 */
public record GitLimits(
        long repositoryBytes,
        long cacheBytes,
        long checkoutBytes,
        int checkoutFiles,
        long fileBytes,
        long patchBytes) {

    private static final long MIB = 1024 * 1024;

    /**
     * 10 GiB for a mirror and for a checkout, 50 GiB for all mirrors, 500,000 files, 1 GiB for a
     * file and 20 MiB for a patch.
     */
    public static final GitLimits DEFAULT =
            new GitLimits(
                    10 * 1024 * MIB,
                    50 * 1024 * MIB,
                    10 * 1024 * MIB,
                    500_000,
                    1024 * MIB,
                    20 * MIB);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public GitLimits {
        if (Math.min(Math.min(repositoryBytes, cacheBytes), Math.min(checkoutBytes, fileBytes)) < 1
                || checkoutFiles < 1
                || patchBytes < 1) {
            throw new IllegalArgumentException("all limits must be positive");
        }
    }

    /** Returns a copy with another limit of a mirror. */
    public GitLimits withRepositoryBytes(long changed) {
        return new GitLimits(
                changed, cacheBytes, checkoutBytes, checkoutFiles, fileBytes, patchBytes);
    }

    /** Returns a copy with another limit of all mirrors together. */
    public GitLimits withCacheBytes(long changed) {
        return new GitLimits(
                repositoryBytes, changed, checkoutBytes, checkoutFiles, fileBytes, patchBytes);
    }

    /** Returns a copy with another limit of a checkout. */
    public GitLimits withCheckoutBytes(long changed) {
        return new GitLimits(
                repositoryBytes, cacheBytes, changed, checkoutFiles, fileBytes, patchBytes);
    }

    /** Returns a copy with another number of files. */
    public GitLimits withCheckoutFiles(int changed) {
        return new GitLimits(
                repositoryBytes, cacheBytes, checkoutBytes, changed, fileBytes, patchBytes);
    }

    /** Returns a copy with another limit of a file. */
    public GitLimits withFileBytes(long changed) {
        return new GitLimits(
                repositoryBytes, cacheBytes, checkoutBytes, checkoutFiles, changed, patchBytes);
    }

    /** Returns a copy with another limit of a patch. */
    public GitLimits withPatchBytes(long changed) {
        return new GitLimits(
                repositoryBytes, cacheBytes, checkoutBytes, checkoutFiles, fileBytes, changed);
    }
}
