package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.workspace.Changes;
import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories and agents that try to harm Errand's own calls of git. */
class HostileContentTest extends AbstractWorkspaceTest {

    /** A program that would leave the file {@code executed}. */
    private String program() {
        Path program = root.resolve("program.sh");
        try {
            if (!Files.exists(program)) {
                Files.writeString(program, "#!/bin/sh\ntouch '" + root + "/executed'\ncat\n");
                Shell.run(root, "chmod +x program.sh");
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return program.toString();
    }

    private void assertNothingWasExecuted() {
        assertThat(root.resolve("executed")).doesNotExist();
    }

    /** Adds a commit with one entry that git itself would not add. */
    private void commitEntry(String name) {
        Shell.run(
                bare(),
                """
                blob=$(echo evil | git hash-object -w --stdin)
                tree=$(printf '100644 blob %%s\\t%%s\\0' "$blob" '%s' | git mktree -z)
                commit=$(git commit-tree -m evil "$tree")
                git update-ref refs/heads/main "$commit"
                """
                        .formatted(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {".GIT", "git~1", ".git\u200c"})
    void namesThatMeanTheGitDirectoryAreRefused(String name) {
        commitEntry(name);

        WorkspaceException failure = failure(open(), Requests.of("acme/mobile"));

        assertThat(failure.reason()).isEqualTo(Reason.UNSAFE_CONTENT);
        assertThat(failure.toLaunchFailure().isRetryable()).isFalse();
    }

    @Test
    void oddNamesAreCheckedOut() throws IOException {
        Shell.commit(
                bare(),
                """
                echo 1 > -rf; echo 2 > README; echo 3 > readme; echo 4 > 'new
                line'; echo 5 > '$(touch executed)'; mkdir -- --upload-pack=x; echo 6 > --upload-pack=x/f
                """);

        Workspace workspace = prepare(open());

        assertThat(workspace.directory().resolve("-rf")).hasContent("1");
        assertThat(workspace.directory().resolve("README")).hasContent("2");
        assertThat(workspace.directory().resolve("readme")).hasContent("3");
        assertThat(workspace.directory().resolve("--upload-pack=x/f")).hasContent("6");
    }

    @Test
    void nothingIsWrittenThroughSymbolicLinks() {
        Shell.run(root, "mkdir outside");
        Shell.commit(bare(), "ln -s '" + root + "/outside' dir");
        GitWorkspaces workspaces = open();

        Workspace workspace = prepare(workspaces);
        Shell.run(workspace.directory(), "touch dir/by-agent");
        Changes changes = collect(workspaces, workspace);
        workspaces.discard(workspace.sandbox());

        assertThat(changes.fileCount()).as("files behind the link are not changes").isZero();
        assertThat(root.resolve("outside/by-agent")).as("deletion does not follow links").exists();
    }

    @Test
    void limitsApplyBeforeFilesAreWritten() {
        Shell.commit(bare(), "seq 1 100000 > big");
        GitLimits limits = GitLimits.DEFAULT;
        for (GitLimits limit :
                new GitLimits[] {
                    limits.withRepositoryBytes(20_000),
                    limits.withFileBytes(100_000),
                    limits.withCheckoutBytes(100_000),
                    limits.withCheckoutFiles(2)
                }) {
            GitWorkspaces workspaces = open(builder().limits(limit));

            WorkspaceException failure = failure(workspaces, Requests.of("acme/mobile"));

            assertThat(failure.reason()).as("%s", failure).isEqualTo(Reason.TOO_LARGE);
        }
    }

    @Test
    void treesThatMultiplyAreCounted() {
        // 10^7 files in ten objects.
        Shell.run(
                bare(),
                """
                id=$(echo x | git hash-object -w --stdin); mode='100644 blob'
                for level in 1 2 3 4 5 6 7; do
                  id=$(for n in 0 1 2 3 4 5 6 7 8 9; do printf '%s %s\\t%s\\n' "$mode" "$id" "$n"; done | git mktree)
                  mode='040000 tree'
                done
                git update-ref refs/heads/main "$(git commit-tree -m bomb "$id")"
                """);

        WorkspaceException failure = failure(open(), Requests.of("acme/mobile"));

        assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(failure).hasMessageContaining("500000 files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext::sh -c touch% ../../executed",
                "--upload-pack=touch executed",
                "/etc",
                "file:///etc",
                "../../../etc",
                "https://169.254.169.254/meta"
            })
    void submodulesFromElsewhereAreRefused(String url) {
        Shell.commit(
                bare(),
                "printf '[submodule \"evil\"]\\n\\tpath = evil\\n\\turl = \"%s\"\\n' > .gitmodules"
                                .formatted(url.replace("%", "%%"))
                        + "\ngit update-index --add --cacheinfo 160000,$(git rev-parse HEAD),evil");

        WorkspaceException failure =
                failure(open(builder().submodules(true)), Requests.of("acme/mobile"));

        assertThat(failure.reason()).as("%s", failure).isEqualTo(Reason.UNSAFE_CONTENT);
        assertNothingWasExecuted();
    }

    @Test
    void submodulesOfTheSameServerAreCheckedOut() {
        Shell.bareRepository(root.resolve("remote/acme/library"));
        Shell.run(
                bare().resolveSibling("mobile-source"),
                "git -c protocol.file.allow=always submodule --quiet add ../library lib"
                        + " && git commit -q -m lib && git push -q origin main");
        GitWorkspaces workspaces = open(builder().submodules(true));

        Workspace workspace = prepare(workspaces);

        assertThat(workspace.directory().resolve("lib/file.txt")).exists();
        assertThat(collect(workspaces, workspace).fileCount()).isZero();
    }

    @Test
    void configurationByTheAgentIsNotExecuted() {
        GitWorkspaces workspaces = open(builder().push(true));
        Workspace workspace = prepare(workspaces);
        String program = program();
        Shell.run(
                workspace.directory(),
                """
                p='%s'
                for hook in pre-commit post-checkout pre-push post-index-change reference-transaction fsmonitor-watchman; do
                  mkdir -p .git/hooks && cp "$p" .git/hooks/$hook
                done
                git config core.fsmonitor "$p"
                git config core.hooksPath .git/hooks
                git config core.sshCommand "$p"
                git config core.pager "$p"
                git config core.editor "$p"
                git config core.askPass "$p"
                git config credential.helper "$p"
                git config filter.evil.clean "$p"
                git config filter.evil.smudge "$p"
                git config filter.evil.process "$p"
                git config filter.lfs.clean "$p"
                git config diff.external "$p"
                git config diff.evil.textconv "$p"
                git config diff.evil.command "$p"
                git config merge.evil.driver "$p"
                git config gpg.program "$p"
                git config commit.gpgSign true
                git config uploadpack.packObjectsHook "$p"
                git config core.alternateRefsCommand "$p"
                git config remote.origin.uploadpack "$p"
                git config remote.origin.receivepack "$p"
                git config protocol.ext.allow always
                git config url."ext::$p ".insteadOf /
                git config include.path "$PWD/more"
                git config core.worktree /etc
                printf '* filter=evil diff=evil merge=evil\\n*.bin filter=lfs\\n' > .gitattributes
                cp .gitattributes .git/info/attributes
                echo x > x; echo y > y.bin
                """
                        .formatted(program));

        Changes changes = collect(workspaces, workspace);

        assertNothingWasExecuted();
        assertThat(changes.files())
                .extracting(Changes.ChangedFile::path)
                .containsExactlyInAnyOrder(".gitattributes", "x", "y.bin");
        assertThat(changes.push()).isInstanceOf(Changes.Push.Pushed.class);
        assertThat(changes.problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rm -rf .git",
                "git add x && git commit -q -m x && chmod -R u+w .git/objects"
                        + " && for f in .git/objects/??/*; do echo broken > $f; done",
                "git add x && git commit -q -m x"
                        + " && rm -f .git/objects/$(git rev-parse HEAD^{tree} | sed 's,^..,&/,')",
                "mv .git ../git-of-the-agent && ln -s ../git-of-the-agent .git",
                "mv .git ../git-of-another-agent && echo 'gitdir: ../git-of-another-agent' > .git",
                "echo /etc >> .git/objects/info/alternates",
                "rm .git/objects/info/alternates; ln -s /etc/passwd .git/objects/info/alternates",
                "mkdir -p .git/objects/pack; ln -s /etc/passwd .git/objects/pack/pack-1.idx",
                "rm .git/HEAD; ln -s /etc/passwd .git/HEAD",
                "echo 'ref: refs/heads/../../../secret' > .git/HEAD",
                "rm .git/HEAD; mkfifo .git/HEAD",
                "echo ffffffffffffffffffffffffffffffffffffffff > .git/HEAD",
                "head -c 100000 /dev/zero > .git/HEAD"
            })
    void brokenRepositoryIsNotFollowedAndFilesAreStillCompared(String script) {
        GitWorkspaces workspaces = open();
        Workspace workspace = prepare(workspaces);
        Shell.run(workspace.directory(), "echo x > x\n" + script);

        Changes changes = collect(workspaces, workspace);

        assertThat(changes.files()).extracting(Changes.ChangedFile::path).containsExactly("x");
        assertThat(changes.headCommit()).isEqualTo(workspace.baseCommit());
        assertThat(changes.problems()).hasSize(1);
    }

    @Test
    void agentCannotChangeTheMirror() {
        GitWorkspaces workspaces = open();
        Workspace workspace = prepare(workspaces);
        Shell.run(
                workspace.directory(),
                "echo evil > file.txt && git commit -q -am evil && git branch -f main"
                        + " && git update-ref refs/remotes/origin/main HEAD && git gc -q --prune=now");

        Workspace next = prepare(workspaces);

        assertThat(next.baseCommit()).isEqualTo(workspace.baseCommit());
        assertThat(next.directory().resolve("file.txt")).hasContent("one\ntwo\nthree");
    }
}
