package dev.errand.spi.workspace;

import dev.errand.spi.sandbox.OutputArtifact;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an agent changed in a workspace, compared with {@link Workspace#baseCommit()}. All texts in
 * it were chosen by the agent or by authors of the repository.
 *
 * @param headBranch the branch that is checked out now; empty if none is
 * @param headCommit the commit that is checked out now; the pushed commit if changes that the agent
 *     had not committed were pushed too; the base commit if the agent's commits cannot be read
 * @param commitCount the number of commits since the base commit
 * @param commits the newest of these commits, newest first
 * @param fileCount the number of changed files, including changes that are not committed
 * @param files the first of these files, ordered by path
 * @param uncommitted whether the agent left changes that it did not commit
 * @param patch all changes as one patch for {@code git apply}, relative to the base commit; empty
 *     if nothing was changed or the patch is too large
 * @param push whether the work branch was pushed
 * @param problems what could not be collected, in words; empty if everything was
 */
public record Changes(
        Optional<String> headBranch,
        String headCommit,
        long commitCount,
        List<Commit> commits,
        long fileCount,
        List<ChangedFile> files,
        boolean uncommitted,
        Optional<OutputArtifact> patch,
        Push push,
        List<String> problems) {

    /** Copies the lists. */
    public Changes {
        Objects.requireNonNull(headBranch, "headBranch");
        Objects.requireNonNull(headCommit, "headCommit");
        commits = List.copyOf(commits);
        files = List.copyOf(files);
        Objects.requireNonNull(patch, "patch");
        Objects.requireNonNull(push, "push");
        problems = List.copyOf(problems);
    }

    /**
     * A commit.
     *
     * @param id its id
     * @param author the name of its author
     * @param subject the first line of its message, may be shortened
     */
    public record Commit(String id, String author, String subject) {

        /** Rejects null components. */
        public Commit {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(author, "author");
            Objects.requireNonNull(subject, "subject");
        }
    }

    /**
     * A changed file.
     *
     * @param path its path
     * @param kind what happened to it
     * @param addedLines the number of added lines, 0 for a binary file
     * @param deletedLines the number of deleted lines, 0 for a binary file
     * @param binary whether its content is not text
     */
    public record ChangedFile(
            String path, Kind kind, long addedLines, long deletedLines, boolean binary) {

        /** What happened to a file. */
        public enum Kind {
            ADDED,
            MODIFIED,
            DELETED
        }

        /** Rejects null components. */
        public ChangedFile {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(kind, "kind");
        }
    }

    /** Whether the work branch was pushed. */
    public sealed interface Push {

        /** It was pushed, or the remote repository had it already. */
        record Pushed(String branch) implements Push {}

        /** No push was attempted: pushing is not configured, or there is nothing to push. */
        record NotRequested() implements Push {}

        /** It was not pushed, because the run has no credential. */
        record NoCredential() implements Push {}

        /** The push failed. */
        record Failed(String message) implements Push {}
    }
}
