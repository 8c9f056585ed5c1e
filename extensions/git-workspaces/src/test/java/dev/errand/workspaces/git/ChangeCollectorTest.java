package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Changes.ChangedFile;
import dev.errand.spi.workspace.Changes.ChangedFile.Kind;
import dev.errand.spi.workspace.Changes.Push;
import dev.errand.spi.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is collected after the end of an agent. */
class ChangeCollectorTest extends AbstractWorkspaceTest {

    @Test
    void commitsFilesAndPatchAreCollected() throws IOException {
        GitWorkspaces workspaces = open();
        Workspace workspace = prepare(workspaces);
        Shell.run(
                workspace.directory(),
                """
                printf 'one\\n2\\nthree\\nfour\\n' > file.txt
                git rm -q src/A.java
                printf 'a\\0b' > binary
                git add -A && git commit -q -m 'Second commit'
                echo untracked > 'a name with spaces, ü and "quotes"'
                ln -s /etc/passwd link
                git commit -q --allow-empty -m 'Third commit'
                """);

        Changes changes = collect(workspaces, workspace);

        assertThat(changes.problems()).isEmpty();
        assertThat(changes.headBranch()).hasValue(workspace.workBranch());
        assertThat(changes.headCommit())
                .isEqualTo(Shell.run(workspace.directory(), "git rev-parse HEAD"));
        assertThat(changes.commitCount()).isEqualTo(2);
        assertThat(changes.commits())
                .extracting(Changes.Commit::author, Changes.Commit::subject)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Ada", "Third commit"),
                        org.assertj.core.groups.Tuple.tuple("Ada", "Second commit"));
        assertThat(changes.uncommitted()).isTrue();
        assertThat(changes.fileCount()).isEqualTo(5);
        assertThat(changes.files())
                .containsExactlyInAnyOrder(
                        new ChangedFile(
                                "a name with spaces, ü and \"quotes\"", Kind.ADDED, 1, 0, false),
                        new ChangedFile("binary", Kind.ADDED, 0, 0, true),
                        new ChangedFile("file.txt", Kind.MODIFIED, 2, 1, false),
                        new ChangedFile("link", Kind.ADDED, 1, 0, false),
                        new ChangedFile("src/A.java", Kind.DELETED, 0, 1, false));
        assertThat(changes.push()).isEqualTo(new Push.NotRequested());
        assertThat(patch(changes)).doesNotContain("root:");
    }

    @Test
    void patchAppliesToTheBaseCommit() throws IOException {
        GitWorkspaces workspaces = open();
        Workspace workspace = prepare(workspaces);
        Shell.run(
                workspace.directory(),
                "git mv file.txt moved.txt && head -c 5000 /dev/urandom > binary && rm src/A.java"
                        + " && printf 'no newline' > text && chmod +x text && git add -A"
                        + " && git commit -q -m change && echo later >> moved.txt");
        Path patch = root.resolve("changes.patch");
        Files.writeString(patch, "");
        Changes changes = collect(workspaces, workspace);
        try (var content = changes.patch().orElseThrow().content().open()) {
            Files.copy(content, patch, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }

        Path other = prepare(workspaces).directory();
        Shell.run(other, "git apply --index '" + patch + "'");

        assertThat(Shell.run(other, "git write-tree"))
                .isEqualTo(Shell.run(workspace.directory(), "git add -A && git write-tree"));
    }

    @Test
    void nothingChangedMeansNoPatch() {
        GitWorkspaces workspaces = open();
        Workspace workspace = prepare(workspaces);

        Changes changes = collect(workspaces, workspace);

        assertThat(changes.fileCount()).isZero();
        assertThat(changes.commitCount()).isZero();
        assertThat(changes.patch()).isEmpty();
        assertThat(changes.uncommitted()).isFalse();
        assertThat(changes.problems()).isEmpty();
    }

    @Test
    void ignoredFilesAreNotCollected() {
        GitWorkspaces workspaces = open();
        Workspace workspace = prepare(workspaces);
        Shell.run(workspace.directory(), "echo out/ > .gitignore; mkdir out; touch out/A.class");

        assertThat(collect(workspaces, workspace).files())
                .extracting(ChangedFile::path)
                .containsExactly(".gitignore");
    }

    @Test
    void limitsAreReportedAsProblems() {
        GitWorkspaces workspaces =
                open(
                        builder()
                                .limits(
                                        GitLimits.DEFAULT
                                                .withFileBytes(10_000)
                                                .withPatchBytes(1000)));
        Workspace workspace = prepare(workspaces);
        Shell.run(
                workspace.directory(),
                "seq 1 10000 > large; seq 1 1000 > medium; git init -q nested");

        Changes changes = collect(workspaces, workspace);

        assertThat(changes.files()).extracting(ChangedFile::path).containsExactly("medium");
        assertThat(changes.patch()).isEmpty();
        assertThat(String.join("\n", changes.problems()))
                .contains("large was left out", "nested/ was left out", "patch was left out");
    }

    @Test
    void changesAreCollectedAgainAndAfterARestart() {
        Workspace workspace = prepare(open());
        Shell.run(workspace.directory(), "echo x > x");
        Changes first = collect(open(), workspace);

        Changes second = collect(open(), workspace);

        assertThat(second.files()).isEqualTo(first.files()).hasSize(1);
    }

    @Test
    void workBranchIsPushedWithWhatWasNotCommitted() {
        GitWorkspaces workspaces = open(builder().push(true));
        Workspace workspace = prepare(workspaces);
        Shell.run(
                workspace.directory(),
                "echo x > x && git add x && git commit -q -m x && echo y > y");

        Changes changes = collect(workspaces, workspace);

        assertThat(changes.push()).isEqualTo(new Push.Pushed(workspace.workBranch()));
        assertThat(Shell.run(bare(), "git rev-parse '" + workspace.workBranch() + "'"))
                .isEqualTo(changes.headCommit());
        assertThat(
                        Shell.run(
                                bare(),
                                "git show --format= --name-only '" + workspace.workBranch() + "'"))
                .isEqualTo("y");
        assertThat(Shell.run(bare(), "git log --format=%s main.." + workspace.workBranch()).lines())
                .containsExactly("Changes that the agent did not commit", "x");
        assertThat(collect(workspaces, workspace).push())
                .as("a repetition")
                .isInstanceOfAny(Push.Pushed.class, Push.Failed.class);
    }

    @Test
    void nothingIsPushedIfNothingChanged() {
        GitWorkspaces workspaces = open(builder().push(true));

        assertThat(collect(workspaces, prepare(workspaces)).push())
                .isEqualTo(new Push.NotRequested());
        assertThat(Shell.run(bare(), "git branch --list 'errand/*'")).isEmpty();
    }

    @Test
    void refusedPushIsReported() throws IOException {
        GitWorkspaces workspaces = open(builder().push(true));
        Workspace workspace = prepare(workspaces);
        Path hook = bare().resolve("hooks/pre-receive");
        Files.createDirectories(bare().resolve("hooks"));
        Files.writeString(hook, "#!/bin/sh\necho 'branches are protected'; exit 1\n");
        Shell.run(bare(), "chmod +x hooks/pre-receive");
        Shell.run(workspace.directory(), "echo x > x");

        Changes changes = collect(workspaces, workspace);

        assertThat(changes.push()).isInstanceOf(Push.Failed.class);
        assertThat(changes.push().toString()).contains("acme/mobile");
        assertThat(changes.patch()).isPresent();
    }
}
