package dev.errand.process;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Changes.ChangedFile;
import dev.errand.spi.workspace.Changes.Push;
import dev.errand.spi.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How changes in a workspace are described in the output of a run, and in notes. */
final class ChangesReport {

    private static final int MAX_FILES = 200;
    private static final int MAX_COMMITS = 50;

    private ChangesReport() {}

    static CollectedChanges of(Workspace workspace, Changes changes) {
        return new CollectedChanges(members(workspace, changes), notes(changes));
    }

    /**
     * Returns the members (docs/launcher-guide.md#changes). Long lists are truncated; the counts
     * include what was left out.
     */
    private static ObjectNode members(Workspace workspace, Changes changes) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        members.put("base_branch", workspace.baseBranch());
        members.put("base_commit", workspace.baseCommit());
        headBranch(changes).ifPresent(branch -> members.put("head_branch", branch));
        members.put("head_commit", changes.headCommit());
        members.put("pushed", changes.push() instanceof Push.Pushed);
        members.put("commit_count", changes.commitCount());
        ArrayNode commits = members.putArray("commits");
        changes.commits().stream()
                .limit(MAX_COMMITS)
                .forEach(
                        commit ->
                                commits.addObject()
                                        .put("id", commit.id())
                                        .put("author", commit.author())
                                        .put("subject", commit.subject()));
        members.put("changed_file_count", changes.fileCount());
        ArrayNode files = members.putArray("changed_files");
        changes.files().stream().limit(MAX_FILES).forEach(file -> add(files, file));
        return members;
    }

    private static void add(ArrayNode files, ChangedFile file) {
        ObjectNode entry = files.addObject();
        entry.put("path", file.path());
        entry.put("status", file.kind().name().toLowerCase(Locale.ROOT));
        entry.put("additions", file.addedLines());
        entry.put("deletions", file.deletedLines());
        if (file.binary()) {
            entry.put("binary", true);
        }
    }

    /** A branch without a commit of the agent exists nowhere else. */
    private static Optional<String> headBranch(Changes changes) {
        if (changes.push() instanceof Push.Pushed pushed) {
            return Optional.of(pushed.branch());
        }
        return changes.headBranch().filter(branch -> changes.commitCount() > 0);
    }

    private static List<String> notes(Changes changes) {
        List<String> notes = new ArrayList<>(changes.problems());
        if (changes.push() instanceof Push.NoCredential) {
            notes.add("The work branch was not pushed: the run has no credential.");
        }
        if (changes.push() instanceof Push.Failed failed) {
            notes.add("The work branch was not pushed: " + failed.message());
        }
        return notes;
    }
}
