package dev.errand.workspaces.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.workspace.Workspace;
import dev.errand.spi.workspace.WorkspaceException;
import dev.errand.spi.workspace.WorkspaceException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Preparing, finding and discarding workspaces. */
class GitWorkspacesTest extends AbstractWorkspaceTest {

    @Test
    void defaultBranchIsCheckedOutOnANewWorkBranch() {
        LaunchRequest request = Requests.of("acme/mobile").build();

        Workspace workspace = open().prepare(request, directory(request)).orElseThrow();

        Path directory = workspace.directory();
        assertThat(directory.resolve("file.txt")).hasContent("one\ntwo\nthree");
        assertThat(workspace.baseBranch()).isEqualTo("main");
        assertThat(workspace.baseCommit()).isEqualTo(Shell.run(bare(), "git rev-parse main"));
        assertThat(workspace.workBranch())
                .isEqualTo("errand/fix-the-cart-" + request.run().id())
                .isEqualTo(Shell.run(directory, "git branch --show-current"));
        assertThat(Shell.run(directory, "git status --porcelain")).isEmpty();
        assertThat(Shell.run(directory, "git remote get-url origin")).isEqualTo(bare().toString());
        assertThat(Shell.run(directory, "git branch -r --format='%(refname)'").lines())
                .containsExactlyInAnyOrder(
                        "refs/remotes/origin/HEAD",
                        "refs/remotes/origin/main",
                        "refs/remotes/origin/release/2.1");
        assertThat(Shell.run(directory, "git tag")).isEqualTo("v1");
        assertThat(Shell.run(directory, "git fsck --full 2>&1 | grep -v dangling || true"))
                .isEmpty();
    }

    @Test
    void requestedBranchIsCheckedOut() {
        Workspace workspace = prepare(open(), Requests.of("ACME/mobile").withBranch("release/2.1"));

        assertThat(workspace.directory().resolve("file.txt")).hasContent("one\ntwo\nthree\nfour");
        assertThat(workspace.baseBranch()).isEqualTo("release/2.1");
    }

    @Test
    void agentCanWorkOnTheRequestedBranchItself() {
        Workspace workspace =
                prepare(
                        open(builder().newWorkBranch(false)),
                        Requests.of("acme/mobile").withBranch("release/2.1"));

        assertThat(workspace.workBranch()).isEqualTo("release/2.1");
        assertThat(Shell.run(workspace.directory(), "git branch --show-current"))
                .isEqualTo("release/2.1");
    }

    @Test
    void taskWithoutRepositoryHasNoWorkspace() {
        LaunchRequest request = Requests.of("").withoutRepository().build();

        assertThat(open().prepare(request, directory(request))).isEmpty();
        assertThat(directory(request)).doesNotExist();
    }

    @Test
    void laterCheckoutsHaveTheNewestCommit() {
        GitWorkspaces workspaces = open();
        prepare(workspaces);
        String newest = Shell.commit(bare(), "echo more > more.txt");

        Workspace workspace = prepare(workspaces);

        assertThat(workspace.baseCommit()).isEqualTo(newest);
        assertThat(workspace.directory().resolve("more.txt")).exists();
    }

    @Test
    void deletedAndReplacedBranchesAreFollowed() {
        GitWorkspaces workspaces = open();
        prepare(workspaces);
        Shell.run(
                bare(),
                "git branch -f main release/2.1 && git branch -D release/2.1"
                        + " && git branch release main");

        Workspace workspace = prepare(workspaces);

        assertThat(Shell.run(workspace.directory(), "git branch -r --format='%(refname)'"))
                .doesNotContain("release/2.1")
                .contains("refs/remotes/origin/release");
        assertThat(workspace.directory().resolve("file.txt")).content().contains("four");
    }

    @Test
    void preparedWorkspaceIsFoundAndNotCheckedOutAgain() {
        LaunchRequest request = Requests.of("acme/mobile").build();
        GitWorkspaces first = open();
        Workspace workspace = first.prepare(request, directory(request)).orElseThrow();
        Shell.run(workspace.directory(), "echo mine > mine.txt");

        GitWorkspaces next = open();

        assertThat(next.prepare(request, directory(request))).hasValue(workspace);
        assertThat(next.find(request.sandbox())).hasValue(workspace);
        assertThat(workspace.directory().resolve("mine.txt")).exists();
    }

    @Test
    void discardReturnsTheDiskToTheSizeOfTheMirror() throws IOException {
        GitWorkspaces workspaces = open();
        workspaces.discard(prepare(workspaces).sandbox());
        long mirrors = FileTrees.size(cache());
        Workspace workspace = prepare(workspaces);
        Shell.run(
                workspace.directory(),
                "head -c 200000 /dev/urandom > big && git add big && git commit -q -m big"
                        + " && mkdir locked && touch locked/file && chmod 000 locked");
        collect(workspaces, workspace);

        workspaces.discard(workspace.sandbox());
        workspaces.discard(workspace.sandbox());

        assertThat(workspace.directory()).doesNotExist();
        assertThat(FileTrees.size(cache())).isEqualTo(mirrors);
        assertThat(workspaces.find(workspace.sandbox())).isEmpty();
    }

    @Test
    void checkoutSharesTheObjectsOfTheMirror() throws IOException {
        Shell.commit(bare(), "head -c 3000000 /dev/urandom > big");
        Workspace workspace = prepare(open());

        assertThat(FileTrees.size(workspace.directory().resolve(".git")))
                .as("bytes besides the files themselves")
                .isLessThan(100_000);
        assertThat(workspace.readOnlyPaths()).allSatisfy(path -> assertThat(path).isDirectory());
    }

    @Test
    void directoryWithFilesIsNotTouched() throws IOException {
        LaunchRequest request = Requests.of("acme/mobile").build();
        Path file = Files.createDirectories(directory(request)).resolve("precious");
        Files.writeString(file, "precious");
        GitWorkspaces workspaces = open();

        WorkspaceException failure =
                org.assertj.core.api.Assertions.catchThrowableOfType(
                        WorkspaceException.class,
                        () -> workspaces.prepare(request, directory(request)));

        assertThat(failure.reason()).isEqualTo(Reason.FAILED);
        assertThat(file).hasContent("precious");
    }

    @Test
    void unknownRepositoryIsReported() {
        WorkspaceException failure = failure(open(), Requests.of("acme/unknown"));

        assertThat(failure.reason()).isEqualTo(Reason.REPOSITORY_UNKNOWN);
        assertThat(failure).hasMessageContaining("acme/unknown");
        assertThat(failure.toLaunchFailure().isRetryable()).isFalse();
    }

    @Test
    void unknownBranchIsReported() {
        GitWorkspaces workspaces = open();
        for (String branch : new String[] {"nope", "--upload-pack=touch /tmp/x", "a..b", "v1"}) {
            WorkspaceException failure =
                    failure(workspaces, Requests.of("acme/mobile").withBranch(branch));

            assertThat(failure.reason()).as(branch).isEqualTo(Reason.BRANCH_UNKNOWN);
            assertThat(failure).hasMessageContaining(branch);
        }
    }

    @Test
    void emptyRepositoryHasNoBranch() {
        Shell.run(root.resolve("remote/acme/empty"), "git init -q --bare .");

        assertThat(failure(open(), Requests.of("acme/empty")).reason())
                .isEqualTo(Reason.BRANCH_UNKNOWN);
    }

    @Test
    void unreachableServerIsWorthARetry() {
        GitWorkspaces workspaces =
                open(
                        GitWorkspaces.builder(
                                cache(),
                                RepositoryLocations.ofTemplate(
                                        "http://127.0.0.1:1/{repository}.git")));

        WorkspaceException failure = failure(workspaces, Requests.of("acme/mobile"));

        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure.toLaunchFailure().isRetryable()).isTrue();
    }

    @Test
    void mirrorsThatAreNotUsedAreDeletedBeyondTheLimit() throws IOException {
        Shell.bareRepository(root.resolve("remote/acme/other"));
        GitWorkspaces workspaces = open(builder().limits(GitLimits.DEFAULT.withCacheBytes(1)));
        Workspace first = prepare(workspaces);
        Workspace second = prepare(workspaces, Requests.of("acme/other"));
        assertThat(mirrors()).as("both are in use").hasSize(2);

        workspaces.discard(first.sandbox());
        Workspace third = prepare(workspaces, Requests.of("acme/other"));

        assertThat(mirrors()).containsExactly(second.readOnlyPaths().get(0));
        assertThat(Shell.run(third.directory(), "git log --oneline")).isNotEmpty();
    }

    private java.util.List<Path> mirrors() throws IOException {
        return FileTrees.entries(cache().resolve("mirrors/local")).stream()
                .map(mirror -> MirrorFiles.repository(mirror).resolve("objects"))
                .toList();
    }

    @Test
    void shallowMirrorsHaveOnlyTheNewestCommits() {
        Shell.commit(bare(), "echo 2 > two");
        Shell.commit(bare(), "echo 3 > three");
        GitWorkspaces workspaces = open(builder().shallow(1));

        Workspace workspace = prepare(workspaces);
        assertThat(Shell.run(workspace.directory(), "git rev-list --count HEAD")).isEqualTo("1");
        Shell.commit(bare(), "echo 4 > four");
        Workspace next = prepare(workspaces);
        Workspace other = prepare(workspaces, Requests.of("acme/mobile").withBranch("release/2.1"));

        assertThat(next.directory().resolve("four")).exists();
        assertThat(Shell.run(other.directory(), "git log --format=%s")).isEqualTo("Release");
        Shell.run(workspace.directory(), "echo x > x && git add x && git commit -q -m x");
        assertThat(collect(workspaces, workspace).commitCount()).isEqualTo(1);
        assertThat(collect(workspaces, workspace).fileCount()).isEqualTo(1);
    }

    @Test
    void partialMirrorsHaveOnlyTheContentThatIsCheckedOut() throws IOException {
        Shell.run(
                bare(),
                "git config uploadpack.allowFilter true && git config uploadpack.allowAnySHA1InWant true");
        Shell.commit(bare(), "head -c 300000 /dev/urandom > old");
        Shell.commit(bare(), "rm old; echo new > new");
        GitWorkspaces workspaces = open(builder().partial(true));

        Workspace workspace = prepare(workspaces);

        assertThat(workspace.directory().resolve("new")).hasContent("new");
        assertThat(FileTrees.size(cache())).isLessThan(200_000);
        Shell.run(workspace.directory(), "echo x > x && git add x && git commit -q -m x");
        assertThat(collect(workspaces, workspace).fileCount()).isEqualTo(1);
    }

    @Test
    void configurationOfTheMachineHasNoEffect() {
        Shell.run(root, "git init -q . && git config url.http://127.0.0.1:1/.insteadOf /");

        assertThat(prepare(open()).directory().resolve("file.txt")).exists();
    }

    @Test
    void callsThatTakeTooLongAreEnded() {
        GitWorkspaces workspaces = open(builder().networkTimeLimit(java.time.Duration.ofMillis(1)));

        WorkspaceException failure = failure(workspaces, Requests.of("acme/mobile"));

        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure).hasMessageContaining("too long");
    }

    @Test
    void missingProgramForLargeFilesIsReportedAtTheStart() {
        boolean installed =
                Shell.run(root, "command -v git-lfs || echo missing").endsWith("git-lfs");
        org.assertj.core.api.Assumptions.assumeThat(installed).as("git-lfs is missing").isFalse();

        org.assertj.core.api.Assertions.assertThatIllegalStateException()
                .isThrownBy(() -> builder().largeFiles(true).build())
                .withMessageContaining("git-lfs");
        assertThat(prepare(open()).directory()).as("nothing stays locked").isDirectory();
    }

    @Test
    void cacheHasOneProviderInAProcess() {
        open();

        org.assertj.core.api.Assertions.assertThatIllegalStateException()
                .isThrownBy(() -> builder().build());
    }

    @Test
    void laterAttemptDoesNotRequireTheWorkBranchOfAnEarlierOne() {
        Requests request = Requests.of("acme/mobile");
        String reported = "errand/earlier-title-" + request.run();

        assertThat(prepare(open(), request.withBranch(reported)).baseBranch()).isEqualTo("main");
    }
}
